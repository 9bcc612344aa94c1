package dev.stowage.propagation;

/** What became of what was said of a recipient; all but {@link #DONE} changed nothing. */
public enum RecipientAnswer {
  /** It is as asked. */
  DONE,
  /** It was so already. */
  ALREADY_SO,
  /** Nobody registered it. */
  UNKNOWN_RECIPIENT,
  /** Its id has the same 64 bits as that of another: it needs another name. */
  ID_COLLISION,
  /** Recipients of assignments are told at once or soon, never later. */
  LEVEL_TOO_LOW
}
