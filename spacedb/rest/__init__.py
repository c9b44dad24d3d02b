"""What every endpoint of every version shares."""
