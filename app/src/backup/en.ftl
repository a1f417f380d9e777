app-notice-backup-failed = A backup failed. Run simpul doctor on the server.
