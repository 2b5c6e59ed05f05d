"""mpv: started by dodo, driven over its JSON IPC socket, turned into `PlayerState` samples."""
