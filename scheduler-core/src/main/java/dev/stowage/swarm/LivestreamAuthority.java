package dev.stowage.swarm;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityAnswer;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The authorities of a livestream: the broadcaster alone is seen and heard, every node may chat,
 * and moderators may mute nodes that do not moderate. The picture is state {@code stream}, the
 * sound the next state, the chat the state after that.
 */
public final class LivestreamAuthority {
  private final NodeId broadcaster;
  private final AuthoritySet visual;
  private final AuthoritySet audio;
  private final AuthoritySet chat;
  private final TreeSet<NodeId> moderators = new TreeSet<>();
  private final TreeSet<NodeId> muted = new TreeSet<>();

  /** Creates the authorities of a stream. The broadcaster is its first moderator. */
  public LivestreamAuthority(StateId stream, NodeId broadcaster) {
    this.broadcaster = Objects.requireNonNull(broadcaster, "broadcaster");
    visual = AuthoritySet.exclusive(stream, broadcaster);
    audio = AuthoritySet.exclusive(stream.plus(1), broadcaster);
    chat = AuthoritySet.open(stream.plus(2));
    moderators.add(broadcaster);
  }

  /** Returns the authority over the picture. */
  public AuthoritySet visual() {
    return visual;
  }

  /** Returns the authority over the sound. */
  public AuthoritySet audio() {
    return audio;
  }

  /** Returns the authority over the chat, muted nodes included; see {@link #mayChat}. */
  public AuthoritySet chat() {
    return chat;
  }

  /** Returns the moderators by id, the broadcaster included. */
  public List<NodeId> moderators() {
    return List.copyOf(moderators);
  }

  /** Reports whether a node moderates. */
  public boolean isModerator(NodeId node) {
    return moderators.contains(node);
  }

  /** Reports whether a node may chat and is not muted. */
  public boolean mayChat(NodeId node) {
    return chat.hasAuthority(node) && !muted.contains(node);
  }

  /** Appoints and unmutes a moderator; {@code by} must be the broadcaster. */
  public AuthorityAnswer appoint(NodeId by, NodeId node) {
    if (!by.equals(broadcaster)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    if (!moderators.add(node)) {
      return AuthorityAnswer.ALREADY_A_MEMBER;
    }
    muted.remove(node);
    return AuthorityAnswer.DONE;
  }

  /** Dismisses a moderator; {@code by} must be the broadcaster. */
  public AuthorityAnswer dismiss(NodeId by, NodeId node) {
    if (!by.equals(broadcaster) || node.equals(broadcaster)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    return moderators.remove(node) ? AuthorityAnswer.DONE : AuthorityAnswer.UNKNOWN_MEMBER;
  }

  /** Mutes a node that does not moderate; {@code by} must be a moderator. */
  public AuthorityAnswer mute(NodeId by, NodeId node) {
    if (!isModerator(by)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    if (isModerator(node)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    return muted.add(node) ? AuthorityAnswer.DONE : AuthorityAnswer.UNKNOWN_MEMBER;
  }

  /** Unmutes a node; {@code by} must be a moderator. */
  public AuthorityAnswer unmute(NodeId by, NodeId node) {
    if (!isModerator(by)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    return muted.remove(node) ? AuthorityAnswer.DONE : AuthorityAnswer.ALREADY_A_MEMBER;
  }
}
