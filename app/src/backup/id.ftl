app-notice-backup-failed = Cadangan gagal dibuat. Jalankan simpul doctor di server.
