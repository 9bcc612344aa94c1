package dev.stowage.placement;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.World.Piece;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The checks of every plan in every world; each only detects. */
public final class StepChecks {
  private final World world;
  private final Step step;
  private final List<String> found = new ArrayList<>();

  private StepChecks(World world, Step step) {
    this.world = world;
    this.step = step;
  }

  public static List<String> violations(World world, Step step) {
    StepChecks checks = new StepChecks(world, step);
    checks.actionsLeadToWanted();
    checks.nothingIsOvercommitted();
    checks.additionsAreAllowed();
    checks.domainsHaveNoMoreThanTheyMay();
    checks.floorsAreKept();
    checks.newChunksAreAtomic();
    checks.deletionsObeyTheRule();
    checks.pinnedChunksStay();
    checks.partnersFit();
    return checks.found;
  }

  private Worker worker(int position) {
    return world.workers.get(position);
  }

  private boolean present(int worker) {
    return worker(worker).status().isPresent();
  }

  private boolean counted(int worker) {
    return worker(worker).status().isCounted();
  }

  private static boolean assigned(int bits) {
    return (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
  }

  private static boolean possessed(int bits) {
    return (bits & ReplicaBits.POSSESSED) != 0;
  }

  private Set<Integer> workersOf(int chunk, ActionKind kind) {
    Set<Integer> workers = new TreeSet<>();
    for (Step.Deed deed : step.deeds) {
      if (deed.chunk() == chunk && deed.kind() == kind) {
        workers.add(deed.worker());
      }
    }
    return workers;
  }

  private void actionsLeadToWanted() {
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Set<Integer> wanted = new TreeSet<>();
      Map<Integer, Integer> held = world.chunks.get(chunk).held;
      held.forEach((worker, bits) -> {
        if (present(worker) && assigned(bits)) {
          wanted.add(worker);
        }
      });
      wanted.removeAll(workersOf(chunk, ActionKind.SUPERSEDE));
      wanted.removeAll(workersOf(chunk, ActionKind.PREEMPT));
      wanted.addAll(workersOf(chunk, ActionKind.ADD));
      wanted.addAll(workersOf(chunk, ActionKind.READOPT));
      if (!wanted.equals(step.wanted.get(chunk))) {
        found.add("chunk " + chunk + " is wanted on " + step.wanted.get(chunk) + ", not " + wanted);
      }
    }
    for (Step.Deed deed : step.deeds) {
      Integer bits = world.chunks.get(deed.chunk()).held.get(deed.worker());
      boolean fits =
          switch (deed.kind()) {
            case ADD -> bits == null;
            case READOPT -> bits != null && !assigned(bits);
            case SUPERSEDE -> bits != null && assigned(bits);
            case PREEMPT -> bits != null;
          };
      if (!fits) {
        found.add("action does not fit what is held: " + deed);
      }
    }
  }

  private void nothingIsOvercommitted() {
    for (int worker = 0; worker < world.workers.size(); worker++) {
      long held = 0;
      for (Piece piece : world.chunks) {
        held += piece.held.containsKey(worker) ? piece.size : 0;
      }
      long after = held;
      long added = 0;
      for (Step.Deed deed : step.deeds) {
        if (deed.worker() == worker) {
          long size = world.chunks.get(deed.chunk()).size;
          after += deed.kind() == ActionKind.ADD ? size : 0;
          added += deed.kind() == ActionKind.ADD ? size : 0;
          after -= deed.kind() == ActionKind.PREEMPT ? size : 0;
        }
      }
      if (added > 0 && after > worker(worker).capacityBytes()) {
        found.add("worker " + worker + " holds " + after + " bytes");
      }
      limitIsKept(worker);
    }
  }

  private void limitIsKept(int worker) {
    int copies = 0;
    for (Piece piece : world.chunks) {
      copies += piece.held.containsKey(worker) ? 1 : 0;
    }
    boolean grows = false;
    for (Step.Deed deed : step.deeds) {
      boolean isAdded = deed.worker() == worker && deed.kind() == ActionKind.ADD;
      boolean isGone = deed.worker() == worker && deed.kind() == ActionKind.PREEMPT;
      grows |= isAdded;
      copies += isAdded ? 1 : isGone ? -1 : 0;
    }
    if (grows && copies > worker(worker).maxReplicas()) {
      found.add("worker " + worker + " holds " + copies + " replicas");
    }
  }

  private void additionsAreAllowed() {
    for (Step.Deed deed : step.deeds) {
      Piece piece = world.chunks.get(deed.chunk());
      boolean takes =
          worker(deed.worker()).status().isPlaceable() && !world.avoided.contains(deed.worker());
      boolean admits = piece.eligibility.admits(worker(deed.worker()));
      boolean banned =
          world.bans.stream().anyMatch(ban -> ban[0] == deed.chunk() && ban[1] == deed.worker());
      if (deed.kind() == ActionKind.ADD && (!takes || !admits || banned)) {
        found.add("added where it may not be: " + deed);
      }
      if (deed.kind() == ActionKind.READOPT && (!present(deed.worker()) || !admits || banned)) {
        found.add("readopted where it may not be: " + deed);
      }
    }
  }

  private void domainsHaveNoMoreThanTheyMay() {
    for (Step.Deed deed : step.deeds) {
      boolean comes = deed.kind() == ActionKind.ADD || deed.kind() == ActionKind.READOPT;
      Set<Integer> wanted = step.wanted.get(deed.chunk());
      if (comes && !world.isAllowed(deed.worker(), wanted)) {
        found.add("a domain has more than it may: " + deed + " of " + wanted);
      }
    }
  }

  /** No plan takes an established chunk below its floor, nor further below it. */
  private void floorsAreKept() {
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Piece piece = world.chunks.get(chunk);
      int before = 0;
      int possessedBefore = 0;
      int possessedAfter = 0;
      for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
        int bits = replica.getValue();
        boolean sound =
            present(replica.getKey()) && assigned(bits) && (bits & ReplicaBits.GIVEN_UP) == 0;
        before += sound ? 1 : 0;
        possessedBefore += sound && possessed(bits) ? 1 : 0;
        boolean stays = sound && !shrinks(chunk, replica.getKey());
        possessedAfter += stays && possessed(bits) && present(replica.getKey()) ? 1 : 0;
      }
      int after = 0;
      for (int worker : step.wanted.get(chunk)) {
        Integer bits = piece.held.get(worker);
        after += bits == null || (bits & ReplicaBits.GIVEN_UP) == 0 ? 1 : 0;
      }
      if (after < Math.min(before, piece.floor)) {
        found.add("chunk " + chunk + " falls from " + before + " to " + after + " replicas");
      }
      boolean marked = (piece.bits & ChunkBits.PINNED) != 0;
      boolean isNew = (piece.bits & ChunkBits.ESTABLISHED) == 0;
      if (!marked && !isNew && after < piece.floor && !step.shortOf.contains(chunk)) {
        found.add("chunk " + chunk + " is short and not reported");
      }
      if (possessedAfter < Math.min(possessedBefore, piece.floor)) {
        found.add("chunk " + chunk + " shrinks below its floor of possessed replicas");
      }
    }
  }

  private boolean shrinks(int chunk, int worker) {
    return step.deeds.stream()
        .anyMatch(deed ->
            deed.chunk() == chunk && deed.worker() == worker && deed.cause() == Cause.SHRINK);
  }

  private void newChunksAreAtomic() {
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Piece piece = world.chunks.get(chunk);
      if ((piece.bits & (ChunkBits.ESTABLISHED | ChunkBits.PINNED)) == 0) {
        int count = step.wanted.get(chunk).size();
        if (count > 0 && count < piece.floor) {
          found.add("new chunk " + chunk + " has " + count + " of " + piece.floor);
        }
        if ((count == 0) != step.deferred.contains(chunk)) {
          found.add("new chunk " + chunk + " is neither placed nor deferred, or both");
        }
      }
    }
  }

  /** Preemptions one by one in canonical order, as the lifecycle will carry them out. */
  private void deletionsObeyTheRule() {
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      Piece piece = world.chunks.get(chunk);
      Set<Integer> gone = new HashSet<>();
      int present = 0;
      for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
        present += possessed(replica.getValue()) && present(replica.getKey()) ? 1 : 0;
      }
      for (int worker : workersOf(chunk, ActionKind.PREEMPT)) {
        gone.add(worker);
        int left = 0;
        for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
          boolean stays = !gone.contains(replica.getKey());
          left += stays && possessed(replica.getValue()) && counted(replica.getKey()) ? 1 : 0;
        }
        int bits = piece.held.getOrDefault(worker, 0);
        boolean once = present > 0 || (piece.bits & ChunkBits.ONCE_POSSESSED) != 0;
        boolean last = once && (piece.bits & ChunkBits.ESTABLISHED) != 0 && left == 0;
        if (last || (possessed(bits) && left < Math.min(piece.floor, present))) {
          found.add("preempting chunk " + chunk + " on " + worker + " leaves " + left);
        }
      }
    }
  }

  private void pinnedChunksStay() {
    for (Step.Deed deed : step.deeds) {
      if ((world.chunks.get(deed.chunk()).bits & ChunkBits.PINNED) != 0) {
        found.add("a marked chunk is touched: " + deed);
      }
      boolean pinned =
          world.pins.stream().anyMatch(pin -> pin[0] == deed.chunk() && pin[1] == deed.worker());
      boolean taken = deed.kind() == ActionKind.SUPERSEDE || deed.kind() == ActionKind.PREEMPT;
      if (pinned && taken) {
        found.add("a pinned pair is taken away: " + deed);
      }
    }
  }

  private void partnersFit() {
    for (Step.Deed deed : step.deeds) {
      if (deed.partner() < 0) {
        if (deed.kind() == ActionKind.PREEMPT) {
          found.add("a preemption makes room for nothing: " + deed);
        }
        continue;
      }
      Step.Deed partner = step.deeds.get(deed.partner());
      boolean adds = partner.kind() == ActionKind.ADD || partner.kind() == ActionKind.READOPT;
      boolean fits =
          deed.kind() == ActionKind.PREEMPT
              ? partner.worker() == deed.worker()
              : partner.chunk() == deed.chunk();
      if (!adds || !fits) {
        found.add("partner does not fit: " + deed + " and " + partner);
      }
    }
  }
}
