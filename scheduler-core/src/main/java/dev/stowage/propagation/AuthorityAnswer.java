package dev.stowage.propagation;

/** What became of a grant or a revocation; all but {@link #DONE} changed nothing. */
public enum AuthorityAnswer {
  /** It is as asked. */
  DONE,
  /** Authority over this state is not shared. */
  NOT_SHARED,
  /** Who asks has no authority to pass on or to withdraw. */
  NOT_A_MEMBER,
  /** Who should be given authority has it. */
  ALREADY_A_MEMBER,
  /** Who should lose authority has none. */
  UNKNOWN_MEMBER,
  /** Who asks is neither the creator nor one of those through whom the authority came. */
  NOT_A_GRANTER,
  /** Nobody would be left. */
  LAST_MEMBER
}
