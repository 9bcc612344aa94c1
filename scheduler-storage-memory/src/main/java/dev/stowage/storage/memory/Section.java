package dev.stowage.storage.memory;

/** The sections of a saved store, in their order; a section has as many rows as there are. */
enum Section {
  /** What is there before a fleet begins. */
  STORE,
  /** What is kept beside the rows; only of a fleet that has begun, as all that follows. */
  BEGUN,
  FLEET,
  WORKERS,
  CHUNKS,
  SWAPS,
  REPLICAS,
  NEWS,
  QUARANTINE,
  COMMITS,
  EVIDENCE,
  /** Ends the bytes; without rows. */
  END;

  private static final Section[] ALL = values();

  int number() {
    return ordinal() + 1;
  }

  static Section of(int number) {
    if (number < 1 || number > ALL.length) {
      throw new IllegalArgumentException(
          "section is " + number + "; 1 to " + ALL.length + " is accepted");
    }
    return ALL[number - 1];
  }
}
