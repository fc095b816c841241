"""Every sentence people read; one place to translate."""
