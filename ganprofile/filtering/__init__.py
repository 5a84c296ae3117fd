"""What a generator draws, made fit for a labelled set: filtered, chosen, counted."""

REJECTED = "rejected.csv"  # beside the images: which others were drawn and dropped
