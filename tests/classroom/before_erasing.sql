-- A course as the release before erasing and checks wrote it: ledger form 0002, classroom form 0001.
BEGIN TRANSACTION;
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	submission INTEGER NOT NULL, 
	grading INTEGER NOT NULL, 
	seed BIGINT NOT NULL, 
	question TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_attempts_submission FOREIGN KEY(submission) REFERENCES submissions (id), 
	CONSTRAINT uq_attempts_submission_grading UNIQUE (submission, grading)
);
INSERT INTO "attempts" VALUES(1,1,1,7,'','','ada','2026-03-02 09:01:00.000000');
INSERT INTO "attempts" VALUES(2,2,1,7,'','','ben','2026-03-02 09:02:00.000000');
INSERT INTO "attempts" VALUES(3,1,2,7,'','the test was wrong','iva','2026-03-02 09:02:00.000000');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	what TEXT NOT NULL, 
	about TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-03-02 09:01:00.000000','ada','handed in','ps number 1');
INSERT INTO "audit" VALUES(2,'2026-03-02 09:01:00.000000','tina','gave 0.75 points for','essay in ps of ada, number 1');
INSERT INTO "audit" VALUES(3,'2026-03-02 09:02:00.000000','ben','handed in','ps number 1');
INSERT INTO "audit" VALUES(4,'2026-03-02 09:02:00.000000','tina','gave 0.75 points for','essay in ps of ben, number 1');
INSERT INTO "audit" VALUES(5,'2026-03-02 09:02:00.000000','iva','extended','ps for ada');
INSERT INTO "audit" VALUES(6,'2026-03-02 09:02:00.000000','iva','asked for a regrade','ps of ada, number 1: the test was wrong');
INSERT INTO "audit" VALUES(7,'2026-03-02 09:02:00.000000','iva','released','ps for everyone');
CREATE TABLE blobs (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_blobs PRIMARY KEY (sha256)
);
INSERT INTO "blobs" VALUES('197f415a01b93cdb282769f648506b262a35ba9be1f1eeb972944bfcc489070d',19,X'746865206E6F7465626F6F6B206F6620616461');
INSERT INTO "blobs" VALUES('b6828bff092888e8d8826e27f2797e2bcc33e846ad1ae85d8da0a23846fe0d8a',15,X'657865637574656420627920616461');
INSERT INTO "blobs" VALUES('eddb2f0d084fbb1cd9ad8bae3e29629fcd5ee40e90a4f86cf64c5cff5a5beb74',12,X'73686F776E20746F20616461');
INSERT INTO "blobs" VALUES('1364b68c3dc14b89ba0c6d33023ca2cbbd3695827634f7d19d2a28b431e751bd',19,X'746865206E6F7465626F6F6B206F662062656E');
INSERT INTO "blobs" VALUES('3db4b6494dfe5aec4165243bae8d48a861ba87c8460ab3e32bf194c953007fbf',15,X'65786563757465642062792062656E');
INSERT INTO "blobs" VALUES('579df066d3c0bc83b68691ead8fb072842b5381542a5971ddeee7062742c1a46',12,X'73686F776E20746F2062656E');
CREATE TABLE classroom_form (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT classroom_form_pkc PRIMARY KEY (version_num)
);
INSERT INTO "classroom_form" VALUES('0001');
CREATE TABLE course_words (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_course_words PRIMARY KEY (name)
);
INSERT INTO "course_words" VALUES('class code','abc234');
CREATE TABLE drafts (
	person TEXT NOT NULL, 
	assignment TEXT NOT NULL, 
	cell TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (person, assignment, cell), 
	CONSTRAINT fk_drafts_person FOREIGN KEY(person) REFERENCES people ("key")
);
INSERT INTO "drafts" VALUES('ada','ps','double','def double(x): ...','2026-03-02 09:02:00.000000');
CREATE TABLE extensions (
	id INTEGER NOT NULL, 
	assignment TEXT NOT NULL, 
	student TEXT NOT NULL, 
	until DATETIME, 
	attempts INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_extensions PRIMARY KEY (id)
);
INSERT INTO "extensions" VALUES(1,'ps','ada',NULL,1,'Ada was ill.','iva','2026-03-02 09:02:00.000000');
CREATE TABLE identities (
	issuer TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	person TEXT NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (issuer, subject), 
	CONSTRAINT fk_identities_person FOREIGN KEY(person) REFERENCES people ("key")
);
INSERT INTO "identities" VALUES('https://login.example.org','subject-1','ben');
CREATE TABLE leases (
	attempt INTEGER NOT NULL, 
	tier INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	student TEXT NOT NULL, 
	worker TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	claims INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (attempt), 
	CONSTRAINT fk_leases_attempt FOREIGN KEY(attempt) REFERENCES attempts (id)
);
INSERT INTO "leases" VALUES(3,1,1,'ada','','2026-03-02 09:02:00.000000',0,0);
CREATE TABLE ledger_form (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT ledger_form_pkc PRIMARY KEY (version_num)
);
INSERT INTO "ledger_form" VALUES('0002');
CREATE TABLE marks (
	id INTEGER NOT NULL, 
	submission INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	points FLOAT, 
	comment TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY (id), 
	CONSTRAINT fk_marks_submission FOREIGN KEY(submission) REFERENCES submissions (id)
);
INSERT INTO "marks" VALUES(1,1,'essay',0.75,'Well said, Ada Lovelace.','tina','2026-03-02 09:01:00.000000');
INSERT INTO "marks" VALUES(2,2,'essay',0.75,'Well said, Ben Bitdiddle.','tina','2026-03-02 09:02:00.000000');
CREATE TABLE notebooks (
	submission INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	file TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_notebooks PRIMARY KEY (submission, position), 
	CONSTRAINT fk_notebooks_sha256 FOREIGN KEY(sha256) REFERENCES blobs (sha256), 
	CONSTRAINT fk_notebooks_submission FOREIGN KEY(submission) REFERENCES submissions (id)
);
CREATE TABLE outcomes (
	attempt INTEGER NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	seconds FLOAT NOT NULL, 
	stopped_by TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	isolation TEXT NOT NULL, 
	seed BIGINT NOT NULL, 
	peak_memory BIGINT NOT NULL, 
	worker TEXT NOT NULL, 
	claim INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_outcomes PRIMARY KEY (attempt), 
	CONSTRAINT ck_outcomes_verdict CHECK (verdict in ('passed', 'failed', 'undecided')), 
	CONSTRAINT fk_outcomes_attempt FOREIGN KEY(attempt) REFERENCES attempts (id)
);
INSERT INTO "outcomes" VALUES(1,'failed',0.25,'','[]','{"layers": ["seccomp"], "warnings": [], "trusted": false}',0,0,'g1',1,'2026-03-02 09:01:00.000000');
INSERT INTO "outcomes" VALUES(2,'failed',0.25,'','[]','{"layers": ["seccomp"], "warnings": [], "trusted": false}',0,0,'g1',1,'2026-03-02 09:02:00.000000');
CREATE TABLE papers (
	attempt INTEGER NOT NULL, 
	notebook TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	executed VARCHAR(64), 
	feedback VARCHAR(64), 
	missing TEXT NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (attempt, notebook), 
	CONSTRAINT fk_papers_attempt FOREIGN KEY(attempt) REFERENCES outcomes (attempt), 
	CONSTRAINT fk_papers_executed FOREIGN KEY(executed) REFERENCES blobs (sha256), 
	CONSTRAINT fk_papers_feedback FOREIGN KEY(feedback) REFERENCES blobs (sha256)
);
INSERT INTO "papers" VALUES(1,'ps',0,'b6828bff092888e8d8826e27f2797e2bcc33e846ad1ae85d8da0a23846fe0d8a','eddb2f0d084fbb1cd9ad8bae3e29629fcd5ee40e90a4f86cf64c5cff5a5beb74','');
INSERT INTO "papers" VALUES(2,'ps',0,'3db4b6494dfe5aec4165243bae8d48a861ba87c8460ab3e32bf194c953007fbf','579df066d3c0bc83b68691ead8fb072842b5381542a5971ddeee7062742c1a46','');
CREATE TABLE people (
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	email TEXT NOT NULL, 
	number TEXT NOT NULL, 
	login TEXT NOT NULL, 
	lms_id TEXT NOT NULL, 
	section TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY ("key")
);
INSERT INTO "people" VALUES('ada','Ada Lovelace','student','ada@example.org','1815','','','Monday',1);
INSERT INTO "people" VALUES('ben','Ben Bitdiddle','student','','','ben','','Friday',1);
INSERT INTO "people" VALUES('tina','Tina Tutor','assistant','','','','','',1);
INSERT INTO "people" VALUES('iva','Iva Instructor','instructor','','','','','',1);
CREATE TABLE pins (
	person TEXT NOT NULL, 
	hashed TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	until DATETIME, 
	CONSTRAINT pk_pins PRIMARY KEY (person), 
	CONSTRAINT fk_pins_person FOREIGN KEY(person) REFERENCES people ("key")
);
INSERT INTO "pins" VALUES('ada','scrypt$16384$8$1$mMoinG6e0dZAXjiUxxIDOA==$zNuXI9MG5jIbb0UAdGiYy0veVEb8mSCXpSZmDxhDOgw=',0,NULL);
CREATE TABLE publications (
	id INTEGER NOT NULL, 
	assignment TEXT NOT NULL, 
	state TEXT NOT NULL, 
	opens DATETIME, 
	due DATETIME, 
	closes DATETIME, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (id)
);
INSERT INTO "publications" VALUES(1,'ps','open',NULL,'2026-03-09 09:00:00.000000',NULL,'iva','2026-03-02 09:00:00.000000');
CREATE TABLE releases (
	id INTEGER NOT NULL, 
	assignment TEXT NOT NULL, 
	student TEXT NOT NULL, 
	visible BOOLEAN NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_releases PRIMARY KEY (id)
);
INSERT INTO "releases" VALUES(1,'ps','',1,'iva','2026-03-02 09:02:00.000000');
CREATE TABLE scores (
	attempt INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	points FLOAT, 
	out_of FLOAT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	seen TEXT NOT NULL, 
	hint TEXT NOT NULL, 
	integrity VARCHAR(16) NOT NULL, 
	seconds FLOAT NOT NULL, 
	CONSTRAINT pk_scores PRIMARY KEY (attempt, question), 
	CONSTRAINT fk_scores_attempt FOREIGN KEY(attempt) REFERENCES outcomes (attempt)
);
INSERT INTO "scores" VALUES(1,'test-double',0,2.0,2.0,'full','','','judged',0.0);
INSERT INTO "scores" VALUES(1,'test-mean',1,0.0,3.0,'none','It gave 4.','Divide.','judged',0.0);
INSERT INTO "scores" VALUES(1,'essay',2,NULL,1.0,'to mark','','','judged',0.0);
INSERT INTO "scores" VALUES(2,'test-double',0,2.0,2.0,'full','','','judged',0.0);
INSERT INTO "scores" VALUES(2,'test-mean',1,0.0,3.0,'none','It gave 4.','Divide.','judged',0.0);
INSERT INTO "scores" VALUES(2,'essay',2,NULL,1.0,'to mark','','','judged',0.0);
CREATE TABLE submissions (
	id INTEGER NOT NULL, 
	student TEXT NOT NULL, 
	assignment TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	file TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_submissions PRIMARY KEY (id), 
	CONSTRAINT fk_submissions_sha256 FOREIGN KEY(sha256) REFERENCES blobs (sha256), 
	CONSTRAINT uq_submissions_student_assignment_number UNIQUE (student, assignment, number)
);
INSERT INTO "submissions" VALUES(1,'ada','ps',1,'197f415a01b93cdb282769f648506b262a35ba9be1f1eeb972944bfcc489070d','ps.ipynb','2026-03-02 09:01:00.000000');
INSERT INTO "submissions" VALUES(2,'ben','ps',1,'1364b68c3dc14b89ba0c6d33023ca2cbbd3695827634f7d19d2a28b431e751bd','ps.ipynb','2026-03-02 09:02:00.000000');
CREATE INDEX ix_extensions_assignment_student ON extensions (assignment, student);
CREATE INDEX ix_releases_assignment ON releases (assignment);
CREATE INDEX ix_submissions_assignment ON submissions (assignment);
CREATE INDEX ix_marks_submission ON marks (submission);
CREATE INDEX ix_leases_tier_turn_attempt ON leases (tier, turn, attempt);
CREATE INDEX ix_leases_student ON leases (student);
CREATE TRIGGER keep_blobs_update BEFORE UPDATE ON blobs BEGIN SELECT RAISE(ABORT, 'the ledger keeps its blobs: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_blobs_delete BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'the ledger keeps its blobs: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_blobs_insert BEFORE INSERT ON blobs WHEN EXISTS (SELECT 1 FROM blobs WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its blobs: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_submissions_update BEFORE UPDATE ON submissions BEGIN SELECT RAISE(ABORT, 'the ledger keeps its submissions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_submissions_delete BEFORE DELETE ON submissions BEGIN SELECT RAISE(ABORT, 'the ledger keeps its submissions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_submissions_insert BEFORE INSERT ON submissions WHEN EXISTS (SELECT 1 FROM submissions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its submissions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_attempts_update BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'the ledger keeps its attempts: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_attempts_delete BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'the ledger keeps its attempts: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_attempts_insert BEFORE INSERT ON attempts WHEN EXISTS (SELECT 1 FROM attempts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its attempts: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_scores_update BEFORE UPDATE ON scores BEGIN SELECT RAISE(ABORT, 'the ledger keeps its scores: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_scores_delete BEFORE DELETE ON scores BEGIN SELECT RAISE(ABORT, 'the ledger keeps its scores: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_scores_insert BEFORE INSERT ON scores WHEN EXISTS (SELECT 1 FROM scores WHERE attempt = NEW.attempt AND question = NEW.question) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its scores: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_marks_update BEFORE UPDATE ON marks BEGIN SELECT RAISE(ABORT, 'the ledger keeps its marks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_marks_delete BEFORE DELETE ON marks BEGIN SELECT RAISE(ABORT, 'the ledger keeps its marks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_marks_insert BEFORE INSERT ON marks WHEN EXISTS (SELECT 1 FROM marks WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its marks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_releases_update BEFORE UPDATE ON releases BEGIN SELECT RAISE(ABORT, 'the ledger keeps its releases: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_releases_delete BEFORE DELETE ON releases BEGIN SELECT RAISE(ABORT, 'the ledger keeps its releases: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_releases_insert BEFORE INSERT ON releases WHEN EXISTS (SELECT 1 FROM releases WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its releases: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_extensions_update BEFORE UPDATE ON extensions BEGIN SELECT RAISE(ABORT, 'the ledger keeps its extensions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_extensions_delete BEFORE DELETE ON extensions BEGIN SELECT RAISE(ABORT, 'the ledger keeps its extensions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_extensions_insert BEFORE INSERT ON extensions WHEN EXISTS (SELECT 1 FROM extensions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its extensions: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the ledger keeps its audit: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the ledger keeps its audit: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_audit_insert BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its audit: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_outcomes_update BEFORE UPDATE ON outcomes BEGIN SELECT RAISE(ABORT, 'the ledger keeps its outcomes: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_outcomes_delete BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'the ledger keeps its outcomes: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_outcomes_insert BEFORE INSERT ON outcomes WHEN EXISTS (SELECT 1 FROM outcomes WHERE attempt = NEW.attempt) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its outcomes: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_notebooks_update BEFORE UPDATE ON notebooks BEGIN SELECT RAISE(ABORT, 'the ledger keeps its notebooks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_notebooks_delete BEFORE DELETE ON notebooks BEGIN SELECT RAISE(ABORT, 'the ledger keeps its notebooks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_notebooks_insert BEFORE INSERT ON notebooks WHEN EXISTS (SELECT 1 FROM notebooks WHERE submission = NEW.submission AND position = NEW.position) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its notebooks: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_papers_update BEFORE UPDATE ON papers BEGIN SELECT RAISE(ABORT, 'the ledger keeps its papers: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_papers_delete BEFORE DELETE ON papers BEGIN SELECT RAISE(ABORT, 'the ledger keeps its papers: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_papers_insert BEFORE INSERT ON papers WHEN EXISTS (SELECT 1 FROM papers WHERE attempt = NEW.attempt AND notebook = NEW.notebook) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its papers: a fact is never changed or deleted'); END;
CREATE INDEX ix_publications_assignment ON publications (assignment);
CREATE TRIGGER keep_publications_update BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'the ledger keeps its publications: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_publications_delete BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'the ledger keeps its publications: a fact is never changed or deleted'); END;
CREATE TRIGGER keep_publications_insert BEFORE INSERT ON publications WHEN EXISTS (SELECT 1 FROM publications WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger keeps its publications: a fact is never changed or deleted'); END;
COMMIT;
