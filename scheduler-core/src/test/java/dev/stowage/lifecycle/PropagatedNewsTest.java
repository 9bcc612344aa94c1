package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.Recipient;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Workers and portals that apply what propagation sends them hold what the full document says,
 * whatever was merged, superseded, dropped, lost on the way or cut off, whoever came late, and
 * whatever happened to the leader meanwhile.
 */
class PropagatedNewsTest {
  private static final long MS = 1_000_000L;
  private static final int STEPS = 160;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void recipients_thatApplyWhatTheyAreSent_holdTheFullDocument(@ForAll long seed) {
    Telling telling = new Telling(seed);
    telling.tell();
    telling.settle();
    assertThat(telling.wrong).isEmpty();
    ReplayResult again =
        Replayer.run(telling.log.header(), telling.log.records(), PropagationScheduler.factory());
    assertThat(again).isInstanceOf(ReplayResult.Same.class);
  }

  @Example
  void stories_sendDeltasFullDocumentsAndNotices() {
    int deltas = 0;
    int fulls = 0;
    int notices = 0;
    for (long seed = 1; seed <= 6; seed++) {
      Telling telling = new Telling(seed);
      telling.tell();
      deltas += telling.deltas;
      fulls += telling.fulls;
      notices += telling.notices;
    }
    assertThat(deltas).isGreaterThan(60);
    assertThat(fulls).isGreaterThan(30);
    assertThat(notices).isGreaterThan(10);
  }

  private static final class Telling {
    int deltas;
    int fulls;
    int notices;
    final SplittableRandom random;
    final List<String> wrong = new ArrayList<>();
    final EvidenceLog log;
    final AssignmentPropagation news;
    final RandomStory story;
    final Map<WorkerId, Optional<SliceDocument>> slices = new TreeMap<>();
    final Map<PortalId, Optional<RoutesDocument>> routes = new TreeMap<>();
    final Set<Recipient> lagging = new TreeSet<>();
    LifecycleState state;
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    long now;

    Telling(long seed) {
      random = new SplittableRandom(seed);
      state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
      story = new RandomStory(seed, state);
      PropagationConfig config = PropagationConfig.DEFAULT.withBudget(20 + random.nextInt(3_000));
      log = EvidenceLog.of(PropagationScheduler.header(config, "test"));
      news = AssignmentPropagation.recording(() -> new FleetView(state), config, log);
    }

    void tell() {
      ConsumersTest.beginning().forEach(command -> lifecycle.execute(state, command, Tick.of(0)));
      for (String name : List.of("a", "b", "c")) {
        join(WorkerId.of(name), PortalId.of("p" + (name.charAt(0) - 'a')));
      }
      FleetRow keptFleet = state.fleetRow();
      ChangeSet.Parts keptRows = state.rows();
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(3) == 0 ? random.nextInt(2_000) * MS : random.nextInt(30) * MS;
        if (step % 50 == 20) {
          keptFleet = state.fleetRow();
          keptRows = state.rows();
        } else if (step % 50 == 30) {
          // a failover that loses commits: a new lineage uses their ids again
          load(LifecycleState.load(keptFleet, keptRows));
          Command<?> lineage = new LeaderCommand.BeginLineage(Lineage.of(1_000 + step));
          lifecycle.execute(state, lineage, Tick.of(story.now()));
        } else if (step % 40 == 37) {
          load(LifecycleState.load(state.fleetRow(), state.rows()));
        }
        lifecycle.execute(state, story.next(), Tick.of(story.now()));
        if (random.nextInt(4) > 0) {
          news.follow(now);
        }
        meddle();
        send();
      }
    }

    private void load(LifecycleState loaded) {
      state = loaded;
      lifecycle = new Lifecycle(PlacementPlanner.sticky());
      story.goOnWith(state);
    }

    private void meddle() {
      WorkerId worker = WorkerId.of(List.of("a", "b", "c", "d").get(random.nextInt(4)));
      PortalId portal = PortalId.of("p" + random.nextInt(3));
      Recipient one = random.nextBoolean() ? Recipient.of(worker) : Recipient.of(portal);
      switch (random.nextInt(12)) {
        case 0, 1 -> join(worker, portal);
        case 2 -> {
          if (random.nextInt(3) == 0) {
            leave(one);
          }
        }
        case 3 -> news.link(one, link(), now);
        case 4 -> pull(one);
        case 5 -> forget(one);
        default -> {
          // nothing happens to anybody
        }
      }
    }

    private Link link() {
      boolean isBroken = random.nextInt(4) == 0;
      Link link = Link.DEFAULT.withBandwidth(random.nextInt(101));
      return isBroken ? new Link(0, 100, false) : link;
    }

    private void join(WorkerId worker, PortalId portal) {
      if (news.register(worker, now) == RecipientAnswer.DONE) {
        slices.put(worker, Optional.empty());
      }
      if (news.register(portal, now) == RecipientAnswer.DONE) {
        news.link(Recipient.of(portal), link(), now);
        routes.put(portal, Optional.empty());
      }
    }

    private void leave(Recipient one) {
      news.unregister(one);
      lagging.remove(one);
      if (one instanceof Recipient.OfWorker worker) {
        slices.remove(worker.id());
      } else if (one instanceof Recipient.OfPortal portal) {
        routes.remove(portal.id());
      }
    }

    /** It begins again with nothing, and does not say so. */
    private void forget(Recipient one) {
      if (news.recipients().contains(one)) {
        lagging.add(one);
      }
      if (one instanceof Recipient.OfWorker worker && slices.containsKey(worker.id())) {
        slices.put(worker.id(), Optional.empty());
      } else if (one instanceof Recipient.OfPortal portal && routes.containsKey(portal.id())) {
        routes.put(portal.id(), Optional.empty());
      }
    }

    private void pull(Recipient one) {
      if (one instanceof Recipient.OfWorker worker) {
        Optional<SliceDocument> held = slices.getOrDefault(worker.id(), Optional.empty());
        Lineage lineage = held.map(SliceDocument::lineage).orElse(Lineage.of(7));
        WorkerAssignmentId id = held.map(SliceDocument::id).orElse(WorkerAssignmentId.of(0));
        news.pull(worker.id(), lineage, id, now).ifPresent(this::receive);
      } else if (one instanceof Recipient.OfPortal portal) {
        Optional<RoutesDocument> held = routes.getOrDefault(portal.id(), Optional.empty());
        Lineage lineage = held.map(RoutesDocument::lineage).orElse(Lineage.of(7));
        PortalAssignmentId id = held.map(RoutesDocument::id).orElse(PortalAssignmentId.of(0));
        news.pull(portal.id(), lineage, id, now).ifPresent(this::receive);
      }
    }

    private void send() {
      for (Message each : news.outgoing(now)) {
        if (random.nextInt(8) > 0) {
          receive(each);
        } else {
          lagging.add(each.recipient());
        }
      }
    }

    /** Through its bytes, whose number was foretold. */
    private void receive(Message each) {
      boolean isFull =
          each instanceof Message.Slice slice
              ? slice.isFull()
              : each instanceof Message.Routes all && all.isFull();
      notices += each.isDocument() ? 0 : 1;
      fulls += isFull ? 1 : 0;
      deltas += each.isDocument() && !isFull ? 1 : 0;
      if (each instanceof Message.Slice slice) {
        byte[] bytes = DocumentFormat.BINARY.toBytes(slice.document());
        expectSize(each, bytes.length);
        receive(slice.worker(), DocumentFormat.BINARY.readSlice(bytes));
      } else if (each instanceof Message.Routes document) {
        byte[] bytes = DocumentFormat.BINARY.toBytes(document.document());
        expectSize(each, bytes.length);
        receive(document.portal(), DocumentFormat.BINARY.readRoutes(bytes));
      } else if (each instanceof Message.Changes changes) {
        expectSize(each, changes.toBytes().length);
      } else if (each instanceof Message.NewId id) {
        expectSize(each, id.toBytes().length);
      }
    }

    private void receive(WorkerId worker, SliceDocument sent) {
      Optional<SliceDocument> held = slices.getOrDefault(worker, Optional.empty());
      try {
        SliceDocument after = sent.isFull() ? sent : sent.after(held.orElseThrow());
        slices.put(worker, Optional.of(after));
        lagging.remove(Recipient.of(worker));
      } catch (IllegalArgumentException | NoSuchElementException refused) {
        news.refused(Recipient.of(worker), now);
      }
    }

    private void receive(PortalId portal, RoutesDocument sent) {
      Optional<RoutesDocument> held = routes.getOrDefault(portal, Optional.empty());
      try {
        RoutesDocument after = sent.isFull() ? sent : sent.after(held.orElseThrow());
        routes.put(portal, Optional.of(after));
        lagging.remove(Recipient.of(portal));
      } catch (IllegalArgumentException | NoSuchElementException refused) {
        news.refused(Recipient.of(portal), now);
      }
    }

    private void expectSize(Message each, long written) {
      if (each.bytes() != written) {
        wrong.add(each.bytes() + " bytes were foretold of " + each + ", written " + written);
      }
    }

    /** Paths are good again, everybody pulls once, and what waits goes out. */
    void settle() {
      for (Recipient one : news.recipients()) {
        news.link(one, Link.DEFAULT, now);
      }
      news.follow(now);
      drain();
      check("by what it was sent");
      news.recipients().forEach(this::pull);
      drain();
      lagging.removeIf(one ->
          one instanceof Recipient.OfWorker worker
              && new FleetView(state).slice(worker.id()).isEmpty());
      assertThat(lagging).isEmpty();
      check("after it pulled");
      checkEqual();
    }

    private void drain() {
      for (int round = 0; round < 10_000 && news.nextDueAt().isPresent(); round++) {
        now = Math.max(now, news.nextDueAt().getAsLong());
        for (Message each : news.outgoing(now)) {
          receive(each);
        }
      }
      assertThat(news.nextDueAt()).isEmpty();
    }

    /**
     * Before it pulls, a recipient may lack what was lost in silence; nobody else lacks anything.
     */
    private void check(String when) {
      FleetView fleet = new FleetView(state);
      slices.forEach((worker, held) -> {
        Optional<SliceDocument> full = fleet.slice(worker).map(SliceDocument::of);
        Optional<List<SliceEntry>> named = held.map(SliceDocument::put);
        boolean lags = lagging.contains(Recipient.of(worker));
        if (full.isPresent() && !lags && !named.equals(full.map(SliceDocument::put))) {
          wrong.add(when + " " + worker + " holds " + held + ", not " + full);
        }
      });
      Optional<RoutesDocument> full = Optional.of(fleet.portalAssignment().full());
      routes.forEach((portal, held) -> {
        if (!lagging.contains(Recipient.of(portal)) && !held.equals(full)) {
          wrong.add(when + " " + portal + " holds " + held + ", not " + full);
        }
      });
    }

    private void checkEqual() {
      FleetView fleet = new FleetView(state);
      slices.forEach((worker, held) -> {
        Optional<SliceDocument> full = fleet.slice(worker).map(SliceDocument::of);
        if (full.isPresent() && !held.equals(full)) {
          wrong.add("after it pulled " + worker + " holds " + held + ", not " + full);
        }
      });
    }
  }
}
