package dev.stowage.storage.memory;

/** The sections of a saved store, in their order. */
enum Section {
  /** The name and lease. */
  STORE,
  /** The state beside the rows; this section and the following need a fleet that has begun. */
  BEGUN,
  FLEET,
  WORKERS,
  /** The numbers of waiting inventories in parts, which rows of workers leave out. */
  INVENTORY_PARTS,
  FREE_WORKERS,
  CHUNKS,
  FREE_CHUNKS,
  SWAPS,
  REPLICAS,
  LOG,
  ANSWERS,
  QUARANTINE,
  COMMITS,
  EVIDENCE,
  /** The end of the bytes; it has no rows. */
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
