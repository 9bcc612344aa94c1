package dev.stowage.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.StateId;
import dev.stowage.swarm.Swarm.SwarmConfig;
import dev.stowage.swarm.Swarm.SwarmState;
import dev.stowage.swarm.Swarm.SwarmStats;
import dev.stowage.swarm.SwarmUpdate.SwarmAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Broadcasts and groups. */
class SwarmTest {
  private static final StateId STREAM = StateId.of(100);
  private static final NodeId BROADCASTER = NodeId.of(1);
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1_000 * MS;

  private static NodeId node(long value) {
    return NodeId.of(value);
  }

  private static Swarm swarm(SwarmConfig config) {
    return new Swarm(config, STREAM, BROADCASTER);
  }

  private static void join(Swarm swarm, int from, int to) {
    for (int viewer = from; viewer <= to; viewer++) {
      assertThat(swarm.addViewer(node(viewer))).isEqualTo(SwarmAnswer.DONE);
    }
  }

  @Example
  @Tag("E-T07")
  void members_areCounted_activeOnesApart() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    join(swarm, 2, 3);
    swarm.addLurker(node(4));

    assertThat(swarm.viewerCount()).isEqualTo(3);
    assertThat(swarm.activeCount()).isEqualTo(2);
    assertThat(swarm.remove(node(2))).isEqualTo(SwarmAnswer.DONE);
    assertThat(swarm.viewerCount()).isEqualTo(2);
    assertThat(swarm.activeCount()).isEqualTo(1);
  }

  @Example
  @Tag("E-T13")
  void startedSwarm_isActive_andOnlyItsBroadcasterShows() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    assertThat(swarm.state()).isEqualTo(SwarmState.INITIALIZING);
    assertThat(swarm.start()).isEqualTo(SwarmAnswer.DONE);
    join(swarm, 2, 10);

    assertThat(swarm.state()).isEqualTo(SwarmState.ACTIVE);
    assertThat(swarm.viewerCount()).isEqualTo(9);
    assertThat(swarm.authority().visual().hasAuthority(BROADCASTER)).isTrue();
    assertThat(swarm.authority().visual().hasAuthority(node(2))).isFalse();
    assertThat(swarm.isTree()).isFalse();
    assertThat(swarm.targets()).hasSize(9);
    assertThat(swarm.say(node(2), Swarm.Channel.VISUAL, 1, 0))
        .isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.NO_AUTHORITY));
  }

  @Example
  @Tag("E-T14")
  @Tag("E-D06")
  @Tag("E-G12")
  void star_aboveTheThreshold_isATree_andAStarAgainBelowEightyPercent() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT.withTreeAbove(5));
    join(swarm, 2, 6);
    assertThat(swarm.isTree()).isFalse();
    join(swarm, 7, 10);
    assertThat(swarm.isTree()).isTrue();
    assertThat(swarm.targets()).hasSize(5);
    for (int viewer = 10; viewer > 5; viewer--) {
      assertThat(swarm.isTree()).isTrue();
      swarm.remove(node(viewer));
    }
    assertThat(swarm.viewerCount()).isEqualTo(4);
    assertThat(swarm.isTree()).isTrue();
    swarm.remove(node(5));
    assertThat(swarm.isTree()).isFalse();
    assertThat(swarm.stats().topologyChanges()).isEqualTo(2);
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  @Tag("E-D06")
  @Tag("E-G08")
  void membership_afterAnyHistory_isThatOfTopologyAndInterests(@ForAll long seed) {
    Random random = new Random(seed);
    Swarm swarm = swarm(new SwarmConfig(10, 3, 1_000, SECOND));
    swarm.start();
    List<NodeId> members = new ArrayList<>();
    boolean wasTree = false;
    for (int step = 0; step < 150; step++) {
      NodeId node = node(2 + random.nextInt(25));
      switch (random.nextInt(4)) {
        case 0 -> swarm.addLurker(node);
        case 1, 2 -> swarm.addViewer(node);
        default -> swarm.remove(node);
      }
      members.clear();
      for (long n = 2; n < 27; n++) {
        if (swarm.scheduler().interests().interest(node(n), STREAM) != InterestLevel.NONE) {
          members.add(node(n));
        }
      }
      int viewers = swarm.viewerCount();
      assertThat(members).hasSize(viewers);
      members.add(0, BROADCASTER);
      assertThat(swarm.scheduler().topology().nodes()).isEqualTo(members);
      wasTree = viewers > 10 || (wasTree && viewers >= 8);
      assertThat(swarm.isTree()).isEqualTo(wasTree);
      assertThat(swarm.scheduler().interests().interestCount(swarm.state(Swarm.Channel.AUDIO)))
          .isEqualTo(swarm.activeCount());
    }
  }

  @Example
  @Tag("E-G12")
  void viewer_thatOnlyLurks_isSentNoSoundAnyMore() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    swarm.start();
    join(swarm, 2, 2);
    StateId audio = swarm.state(Swarm.Channel.AUDIO);
    InterestMap interests = swarm.scheduler().interests();
    assertThat(interests.interest(node(2), audio)).isEqualTo(InterestLevel.HIGH);

    assertThat(swarm.addLurker(node(2))).isEqualTo(SwarmAnswer.DONE);

    assertThat(interests.interest(node(2), audio)).isEqualTo(InterestLevel.NONE);
    assertThat(interests.interest(node(2), STREAM)).isEqualTo(InterestLevel.LOW);
    swarm.say(BROADCASTER, Swarm.Channel.AUDIO, 10, 0);
    assertThat(swarm.scheduler().due(SECOND).deliveries()).isEmpty();
    assertThat(swarm.activeCount()).isZero();
  }

  @Example
  @Tag("E-D09")
  void keyframes_areForcedByTimeForAll_andByJoiningForOne() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    swarm.start();
    join(swarm, 2, 2);
    assertThat(swarm.needsKeyframe(0)).isTrue();
    swarm.show(10, 0);
    swarm.scheduler().due(SECOND);
    assertThat(swarm.needsKeyframe(2 * SECOND - 1)).isFalse();
    assertThat(swarm.needsKeyframe(2 * SECOND)).isTrue();
    join(swarm, 3, 3);
    assertThat(swarm.needsKeyframe(node(3))).isTrue();
    assertThat(swarm.needsKeyframe(node(2))).isFalse();

    swarm.show(10, SECOND);
    List<Delivery> out = swarm.scheduler().due(2 * SECOND - 1).deliveries();

    assertThat(out).extracting(Delivery::keyframe).containsExactly(false, true);
    assertThat(swarm.needsKeyframe(node(3))).isFalse();
    var late = (SwarmUpdate.Created) swarm.show(10, 2 * SECOND);
    assertThat(late.update().keyframe()).isTrue();
    assertThat(late.update().sequence()).isEqualTo(3);
  }

  @Example
  @Tag("E-D09")
  @Tag("E-G10")
  void pausedOrEndedSwarm_takesNoUpdates_andSaysWhy() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    assertThat(swarm.show(1, 0)).isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.NOT_STARTED));
    assertThat(swarm.pause()).isEqualTo(SwarmAnswer.NOT_STARTED);
    swarm.start();
    assertThat(swarm.pause()).isEqualTo(SwarmAnswer.DONE);
    assertThat(swarm.show(1, 0)).isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.PAUSED));
    assertThat(swarm.resume()).isEqualTo(SwarmAnswer.DONE);
    assertThat(swarm.show(1, 0)).isInstanceOf(SwarmUpdate.Created.class);
    assertThat(swarm.end()).isEqualTo(SwarmAnswer.DONE);
    assertThat(swarm.show(1, 0)).isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.ENDED));
    assertThat(swarm.start()).isEqualTo(SwarmAnswer.ENDED);
    assertThat(swarm.addViewer(node(2))).isEqualTo(SwarmAnswer.ENDED);
    assertThat(swarm.sequence(BROADCASTER, Swarm.Channel.VISUAL)).isEqualTo(1);
    assertThat(swarm.stats().refusedUpdates()).isEqualTo(3);
  }

  @Example
  @Tag("E-G06")
  void chat_reachesWhoReadsIt_unlessItsAuthorIsMuted() {
    Swarm swarm = swarm(SwarmConfig.DEFAULT);
    swarm.start();
    join(swarm, 2, 4);
    swarm.joinChat(node(3));
    swarm.joinChat(BROADCASTER);

    swarm.say(node(2), Swarm.Channel.CHAT, 5, 0);
    assertThat(swarm.scheduler().due(SECOND).deliveries())
        .extracting(Delivery::target)
        .containsExactly(BROADCASTER, node(3));
    swarm.authority().mute(BROADCASTER, node(2));
    assertThat(swarm.say(node(2), Swarm.Channel.CHAT, 5, SECOND))
        .isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.NO_AUTHORITY));
  }

  @Example
  @Tag("E-G09")
  void stats_ofASwarm_areWritten() {
    Swarm swarm = swarm(new SwarmConfig(50, 5, 100, SECOND));
    swarm.start();
    join(swarm, 2, 4);
    swarm.remove(node(4));
    swarm.show(100, 0);
    swarm.scheduler().due(SECOND);
    swarm.show(100, SECOND);
    swarm.show(100, SECOND);
    swarm.scheduler().due(2 * SECOND);

    SwarmStats stats = swarm.stats();
    assertThat(stats.totalViewers()).isEqualTo(3);
    assertThat(stats.peakViewers()).isEqualTo(3);
    assertThat(stats.viewers()).isEqualTo(2);
    assertThat(stats.propagation().updates()).isEqualTo(3);
    assertThat(stats.propagation().bytes()).isEqualTo(400);
    assertThat(stats.propagation().dropped()).isEqualTo(2);
  }

  @Example
  @Tag("E-G12")
  void group_isBounded_sharesOneScreen_andNamesStatesApartFromNodes() {
    GroupSwarm group = new GroupSwarm("standup", 3, PropagationConfig.DEFAULT);
    for (long n = 1; n <= 3; n++) {
      assertThat(group.join(node(n))).isEqualTo(SwarmAnswer.DONE);
    }
    assertThat(group.join(node(4))).isEqualTo(SwarmAnswer.FULL);
    assertThat(group.join(node(1))).isEqualTo(SwarmAnswer.ALREADY_SO);
    assertThat(group.shareScreen(node(1))).isEqualTo(SwarmAnswer.DONE);
    assertThat(group.shareScreen(node(2))).isEqualTo(SwarmAnswer.BUSY);
    assertThat(group.show(node(2), 1, 0))
        .isEqualTo(new SwarmUpdate.Refused(SwarmAnswer.NO_AUTHORITY));
    group.show(node(1), 10, 0);
    group.say(node(2), 10, 0);
    assertThat(group.scheduler().due(SECOND).deliveries())
        .extracting(Delivery::target)
        .containsExactlyInAnyOrder(node(2), node(3), node(1), node(3));
    assertThat(group.leave(node(1))).isEqualTo(SwarmAnswer.DONE);
    assertThat(group.sharer()).isEmpty();
    assertThat(group.shareScreen(node(2))).isEqualTo(SwarmAnswer.DONE);
    assertThat(group.show(node(2), 10, SECOND)).isInstanceOf(SwarmUpdate.Created.class);
    for (long n = 1; n <= 3; n++) {
      assertThat(group.stateOf(node(n)).value()).isNotEqualTo(n);
    }
    assertThat(new GroupSwarm("other", 3, PropagationConfig.DEFAULT).stateOf(node(1)))
        .isNotEqualTo(group.stateOf(node(1)));
  }
}
