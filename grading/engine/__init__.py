"""The processes: a supervisor that holds the tests, a zygote that imports once, student and judge forked from it."""
