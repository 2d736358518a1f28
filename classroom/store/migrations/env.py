"""Alembic's entry: runs the steps on the connection it is given, inside that connection's transaction."""

from alembic import context

from classroom.store.tables import FORM, metadata

if hasattr(context, "config"):  # alembic runs this file; whoever merely imports it finds nothing to run
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=FORM.versions,
        transactional_ddl=True,
        transaction_per_migration=False,
        render_as_batch=True,
    )
    context.run_migrations()
