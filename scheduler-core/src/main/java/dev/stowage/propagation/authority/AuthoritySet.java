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
 * Who may update a state, and through whom they came to it.
 *
 * <p>The members a shared set begins with are its founders, the first of them its creator. Every
 * other member has exactly one granter. A member may be revoked by the creator, by its granter, by
 * the granter's granter and so on, and may leave by itself; whoever goes takes along all to whom
 * authority came through it. The last member stays.
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

  /** Only the owner. */
  public static AuthoritySet exclusive(StateId state, NodeId owner) {
    return new AuthoritySet(state, AuthorityLevel.EXCLUSIVE, List.of(owner));
  }

  /** A creator and other founders. */
  public static AuthoritySet shared(StateId state, NodeId creator, NodeId... founders) {
    List<NodeId> all = new ArrayList<>();
    all.add(creator);
    all.addAll(Arrays.asList(founders));
    return new AuthoritySet(state, AuthorityLevel.SHARED, List.copyOf(all));
  }

  /** Everybody. */
  public static AuthoritySet open(StateId state) {
    return new AuthoritySet(state, AuthorityLevel.OPEN, List.of());
  }

  /** Nobody. */
  public static AuthoritySet frozen(StateId state) {
    return new AuthoritySet(state, AuthorityLevel.FROZEN, List.of());
  }

  /** A shared set as it was written down: founders, then who was granted by whom. */
  public static AuthoritySet restored(
      StateId state, AuthorityLevel level, List<NodeId> founders, List<NodeId[]> grants) {
    AuthoritySet set = new AuthoritySet(state, level, founders);
    grants.forEach(grant -> set.enter(grant[0], grant[1]));
    return set;
  }

  /** The creator of a set that was written down has left. */
  public void withoutCreator() {
    creator = null;
  }

  /** Which state. */
  public StateId state() {
    return state;
  }

  /** Who may, in a word. */
  public AuthorityLevel level() {
    return level;
  }

  /** Those who have authority by name, by id; empty where it is open or frozen. */
  public List<NodeId> members() {
    return List.copyOf(members);
  }

  /** Who made the set, while it is a member. */
  public Optional<NodeId> creator() {
    return Optional.ofNullable(creator);
  }

  /** Through whom a member came to its authority; empty for founders and for others. */
  public Optional<NodeId> granter(NodeId member) {
    return Optional.ofNullable(granters.get(member));
  }

  /** Whether a node may update the state. */
  public boolean hasAuthority(NodeId node) {
    return switch (level) {
      case EXCLUSIVE, SHARED -> members.contains(node);
      case OPEN -> true;
      case FROZEN -> false;
    };
  }

  /** A member gives authority to another node. */
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

  /** Takes authority from a member and from all to whom it came through that member. */
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

  /** How often grants and revocations were answered so. */
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

  /** A member and all to whom authority came through it. */
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

  /** Lets somebody hear of grants before they happen; one at a time. */
  public void attach(AuthorityWatcher watches) {
    if (watcher != null) {
      throw new IllegalStateException("the authority set belongs to another scheduler");
    }
    watcher = watches;
  }

  /** Nobody hears any more. */
  public void detach() {
    watcher = null;
  }

  private AuthorityAnswer counted(AuthorityAnswer answer) {
    answers[answer.ordinal()]++;
    return answer;
  }

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

  /** Who may update a state. */
  public enum AuthorityLevel {
    /** Its one owner. */
    EXCLUSIVE,
    /** Its members, who may grant and revoke. */
    SHARED,
    /** Everybody. */
    OPEN,
    /** Nobody. */
    FROZEN
  }

  /** Hears of every grant and revocation, before it is judged. */
  public interface AuthorityWatcher {
    /** Somebody is about to be given authority. */
    void granting(AuthoritySet set, NodeId granter, NodeId grantee);

    /** Somebody is about to lose authority. */
    void revoking(AuthoritySet set, NodeId revoker, NodeId revokee);
  }
}
