package dev.stowage.propagation.authority;

import dev.stowage.propagation.NodeId;

/** Hears of every grant and revocation, before it is judged. */
public interface AuthorityWatcher {
  void granting(AuthoritySet set, NodeId granter, NodeId grantee);

  void revoking(AuthoritySet set, NodeId revoker, NodeId revokee);
}
