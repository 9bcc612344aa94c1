package dev.stowage.propagation;

/** Hears of every grant and revocation, before it is judged. */
interface AuthorityWatcher {
  void granting(AuthoritySet set, NodeId granter, NodeId grantee);

  void revoking(AuthoritySet set, NodeId revoker, NodeId revokee);
}
