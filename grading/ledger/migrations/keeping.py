"""What every migration does for a new table of facts: from then on the database itself keeps them."""

from alembic import op


def keep(table: str, key: tuple[str, ...]) -> None:
    """Triggers that refuse every UPDATE and DELETE of a fact, and in SQLite the INSERT OR REPLACE that hides one."""
    refusal = f"the ledger keeps its {table}: a fact is never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for name, event in (
            ("update", "BEFORE UPDATE"),
            ("delete", "BEFORE DELETE"),
            ("insert", f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"),  # noqa: S608
        ):
            when = event if " ON " in event else f"{event} ON {table}"
            op.execute(f"CREATE TRIGGER keep_{table}_{name} {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
    else:
        op.execute(
            f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
        )


def keep_but_for(table: str, allowed: str) -> None:
    """From now on an UPDATE of a row passes where `allowed` holds of OLD and NEW; all else is refused as before."""
    refusal = f"the ledger keeps its {table}: a fact is never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER keep_{table}_update")
        op.execute(
            f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} WHEN ({allowed}) IS NOT TRUE "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
    else:
        op.execute(f"DROP TRIGGER keep_{table} ON {table}")
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
        )
        op.execute(
            f"CREATE FUNCTION keep_{table}_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({allowed}) IS NOT TRUE THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION keep_{table}_row()"
        )


def same(*columns: str) -> str:
    """The condition that an UPDATE leaves these columns as they are, also where they hold nothing."""
    equal = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{column} {equal} OLD.{column}" for column in columns)
