"""The channel by which every dodo of a user can see and steer what another one plays."""
