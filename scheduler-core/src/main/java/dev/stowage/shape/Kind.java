package dev.stowage.shape;

/** The kind of value that a field holds. Storage chooses a column type by it. */
public enum Kind {
  /** A whole number of 64 bits, or of 32 if the field is narrow. */
  NUMBER,
  /** True or false. */
  FLAG,
  /** A string. */
  TEXT,
  /** A constant of an enumeration, known by its ordinal. */
  CONSTANT,
  /** A list of values. */
  LIST,
  /** A list of texts. */
  TEXTS,
  /** A row of another shape. */
  ROW,
  /** An array of bytes. */
  BYTES
}
