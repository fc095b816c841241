"""The database: engine, transaction, column types. The only package that commits."""
