package dev.stowage.swarm;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityAnswer;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Who may say what in a livestream: the broadcaster alone is seen and heard, everybody may chat,
 * and moderators may mute whoever they like but the broadcaster and each other. The picture is
 * state {@code stream}, the sound the next one, the chat the one behind that.
 */
public final class LivestreamAuthority {
  private final NodeId broadcaster;
  private final AuthoritySet visual;
  private final AuthoritySet audio;
  private final AuthoritySet chat;
  private final TreeSet<NodeId> moderators = new TreeSet<>();
  private final TreeSet<NodeId> muted = new TreeSet<>();

  /** A stream of a broadcaster, who is its first moderator. */
  public LivestreamAuthority(StateId stream, NodeId broadcaster) {
    this.broadcaster = Objects.requireNonNull(broadcaster, "broadcaster");
    visual = AuthoritySet.exclusive(stream, broadcaster);
    audio = AuthoritySet.exclusive(stream.plus(1), broadcaster);
    chat = AuthoritySet.open(stream.plus(2));
    moderators.add(broadcaster);
  }

  /** Who is seen. */
  public AuthoritySet visual() {
    return visual;
  }

  /** Who is heard. */
  public AuthoritySet audio() {
    return audio;
  }

  /** Who may chat, muted or not; {@link #mayChat} knows who is. */
  public AuthoritySet chat() {
    return chat;
  }

  /** Who moderates, by id; the broadcaster counts. */
  public List<NodeId> moderators() {
    return List.copyOf(moderators);
  }

  /** Whether a node moderates. */
  public boolean isModerator(NodeId node) {
    return moderators.contains(node);
  }

  /** Whether a node may chat now. */
  public boolean mayChat(NodeId node) {
    return chat.hasAuthority(node) && !muted.contains(node);
  }

  /** The broadcaster names a moderator, who is not muted any more. */
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

  /** The broadcaster dismisses a moderator. */
  public AuthorityAnswer dismiss(NodeId by, NodeId node) {
    if (!by.equals(broadcaster) || node.equals(broadcaster)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    return moderators.remove(node) ? AuthorityAnswer.DONE : AuthorityAnswer.UNKNOWN_MEMBER;
  }

  /** A moderator takes the word from a node that does not moderate. */
  public AuthorityAnswer mute(NodeId by, NodeId node) {
    if (!isModerator(by)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    if (isModerator(node)) {
      return AuthorityAnswer.NOT_A_GRANTER;
    }
    return muted.add(node) ? AuthorityAnswer.DONE : AuthorityAnswer.UNKNOWN_MEMBER;
  }

  /** A moderator gives the word back. */
  public AuthorityAnswer unmute(NodeId by, NodeId node) {
    if (!isModerator(by)) {
      return AuthorityAnswer.NOT_A_MEMBER;
    }
    return muted.remove(node) ? AuthorityAnswer.DONE : AuthorityAnswer.ALREADY_A_MEMBER;
  }
}
