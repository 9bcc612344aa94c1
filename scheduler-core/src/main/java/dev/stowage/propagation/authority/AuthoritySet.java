package dev.stowage.propagation.authority;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that may update a state. A shared set begins with founders, the first of them its
 * creator; every other member has one granter. A member may leave, or be revoked by the creator or
 * a direct or indirect granter; members with authority through it go too. The last member stays.
 */
public final class AuthoritySet {
  private final StateId state;
  private final AuthorityLevel level;
  private final TreeSet<NodeId> members = new TreeSet<>();
  private final TreeMap<NodeId, NodeId> granters = new TreeMap<>();
  private final TreeMap<NodeId, TreeSet<NodeId>> grantees = new TreeMap<>();
  private final long[] answers = new long[AuthorityAnswer.values().length];
  private @Nullable NodeId creator;
  private @Nullable AuthorityWatcher watcher;

  private AuthoritySet(StateId state, AuthorityLevel level, List<NodeId> founders) {
    this.state = Objects.requireNonNull(state, "state");
    this.level = level;
    members.addAll(founders);
    creator = founders.isEmpty() ? null : founders.get(0);
  }

  /** Creates a set of an owner alone. */
  public static AuthoritySet exclusive(StateId state, NodeId owner) {
    return new AuthoritySet(state, AuthorityLevel.EXCLUSIVE, List.of(owner));
  }

  /** Creates a set of a creator and other founders. */
  public static AuthoritySet shared(StateId state, NodeId creator, NodeId... founders) {
    List<NodeId> all = new ArrayList<>();
    all.add(creator);
    all.addAll(Arrays.asList(founders));
    return new AuthoritySet(state, AuthorityLevel.SHARED, List.copyOf(all));
  }

  /** Creates a set of all nodes. */
  public static AuthoritySet open(StateId state) {
    return new AuthoritySet(state, AuthorityLevel.OPEN, List.of());
  }

  /** Creates a set without nodes. */
  public static AuthoritySet frozen(StateId state) {
    return new AuthoritySet(state, AuthorityLevel.FROZEN, List.of());
  }

  /** Restores a set from founders and pairs of granter and grantee. */
  public static AuthoritySet restored(
      StateId state, AuthorityLevel level, List<NodeId> founders, List<NodeId[]> grants) {
    AuthoritySet set = new AuthoritySet(state, level, founders);
    grants.forEach(grant -> set.enter(grant[0], grant[1]));
    return set;
  }

  /** Records that the creator of a restored set has left. */
  public void withoutCreator() {
    creator = null;
  }

  /** Returns the state. */
  public StateId state() {
    return state;
  }

  /** Returns the level. */
  public AuthorityLevel level() {
    return level;
  }

  /** Returns the members by id; empty if open or frozen. */
  public List<NodeId> members() {
    return List.copyOf(members);
  }

  /** Returns the creator while it is a member. */
  public Optional<NodeId> creator() {
    return Optional.ofNullable(creator);
  }

  /** Returns the granter of a member; empty for founders. */
  public Optional<NodeId> granter(NodeId member) {
    return Optional.ofNullable(granters.get(member));
  }

  /** Reports whether a node may update the state. */
  public boolean hasAuthority(NodeId node) {
    return switch (level) {
      case EXCLUSIVE, SHARED -> members.contains(node);
      case OPEN -> true;
      case FROZEN -> false;
    };
  }

  /** Grants authority from a member to another node. */
  public AuthorityAnswer grant(NodeId granter, NodeId grantee) {
    if (watcher != null) {
      watcher.granting(this, granter, grantee);
    }
    return counted(judgeGrant(granter, grantee));
  }

  private AuthorityAnswer judgeGrant(NodeId granter, NodeId grantee) {
    if (level != AuthorityLevel.SHARED) {
      return AuthorityAnswer.NOT_SHARED;
    }
    if (!members.contains(granter)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    if (members.contains(Objects.requireNonNull(grantee, "grantee"))) {
      return AuthorityAnswer.ALREADY_A_MEMBER;
    }
    enter(granter, grantee);
    return AuthorityAnswer.DONE;
  }

  private void enter(NodeId granter, NodeId grantee) {
    members.add(grantee);
    granters.put(grantee, granter);
    grantees.computeIfAbsent(granter, key -> new TreeSet<>()).add(grantee);
  }

  /** Revokes a member and all members whose authority came through it. */
  public AuthorityAnswer revoke(NodeId revoker, NodeId revokee) {
    if (watcher != null) {
      watcher.revoking(this, revoker, revokee);
    }
    return counted(judgeRevocation(revoker, revokee));
  }

  private AuthorityAnswer judgeRevocation(NodeId revoker, NodeId revokee) {
    if (level != AuthorityLevel.SHARED) {
      return AuthorityAnswer.NOT_SHARED;
    }
    if (!members.contains(revoker)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    if (!members.contains(revokee)) {
      return AuthorityAnswer.UNKNOWN_MEMBER;
    }
    if (!revoker.equals(revokee) && !revoker.equals(creator) && !isAbove(revoker, revokee)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    List<NodeId> going = below(revokee);
    if (going.size() == members.size()) {
      return AuthorityAnswer.LAST_MEMBER;
    }
    NodeId granter = granters.get(revokee);
    if (granter != null) {
      Objects.requireNonNull(grantees.get(granter)).remove(revokee);
    }
    for (NodeId gone : going) {
      members.remove(gone);
      granters.remove(gone);
      grantees.remove(gone);
      creator = gone.equals(creator) ? null : creator;
    }
    return AuthorityAnswer.DONE;
  }

  /** Returns the number of grants and revocations with this answer. */
  public long answered(AuthorityAnswer answer) {
    return answers[answer.ordinal()];
  }

  private boolean isAbove(NodeId revoker, NodeId revokee) {
    NodeId above = granters.get(revokee);
    while (above != null && !above.equals(revoker)) {
      above = granters.get(above);
    }
    return above != null;
  }

  private List<NodeId> below(NodeId member) {
    List<NodeId> all = new ArrayList<>();
    Deque<NodeId> open = new ArrayDeque<>(List.of(member));
    while (!open.isEmpty()) {
      NodeId next = open.poll();
      all.add(next);
      open.addAll(grantees.getOrDefault(next, new TreeSet<>()));
    }
    return all;
  }

  /** Sets the only watcher; throws {@link IllegalStateException} if there is one. */
  public void attach(AuthorityWatcher watches) {
    if (watcher != null) {
      throw new IllegalStateException("the authority set belongs to another scheduler");
    }
    watcher = watches;
  }

  /** Removes the watcher. */
  public void detach() {
    watcher = null;
  }

  private AuthorityAnswer counted(AuthorityAnswer answer) {
    answers[answer.ordinal()]++;
    return answer;
  }

  /** The result of a grant or revocation; only {@link #DONE} changed anything. */
  public enum AuthorityAnswer {
    /** The change took effect. */
    DONE,
    /** The authority over this state is not shared. */
    NOT_SHARED,
    /** The caller has no authority to grant or revoke. */
    NOT_A_MEMBER,
    /** The grantee already has authority. */
    ALREADY_A_MEMBER,
    /** The revokee has no authority. */
    UNKNOWN_MEMBER,
    /** The revoker is neither the creator nor a direct or indirect granter. */
    NOT_A_GRANTER,
    /** No member would be left. */
    LAST_MEMBER
  }

  /** The kind of an authority set. */
  public enum AuthorityLevel {
    /** One owner. */
    EXCLUSIVE,
    /** Members, which may grant and revoke. */
    SHARED,
    /** All nodes. */
    OPEN,
    /** No node. */
    FROZEN
  }

  /** Is told of every grant and revocation before it is judged. */
  public interface AuthorityWatcher {
    /** Receives a grant that is about to be judged. */
    void granting(AuthoritySet set, NodeId granter, NodeId grantee);

    /** Receives a revocation that is about to be judged. */
    void revoking(AuthoritySet set, NodeId revoker, NodeId revokee);
  }
}
