package dev.stowage.sim.kit.walk;

import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;
import java.util.Optional;

/** Draws how the bounds of a fleet change, where it has such bounds. Not thread-safe. */
final class LimitDraft {
  private final Chance chance;
  private final Limits limits;

  LimitDraft(Chance chance, Limits limits) {
    this.chance = chance;
    this.limits = limits;
  }

  /** A line; empty where the fleet has no such bound. */
  Optional<String> line(Deed deed, Sight sight) {
    return switch (deed) {
      case CAP -> limits.isCapped() ? Optional.of("set " + cap()) : Optional.empty();
      case DOMAIN_LIMIT ->
          limits.isOfDomains() ? Optional.of("set " + ofDomains()) : Optional.empty();
      case COUNT -> limits.isCounted() ? any(sight).map(id -> count(id, sight)) : Optional.empty();
      case ZONE -> any(sight).map(id -> "zone " + id + " " + zone());
      default -> throw new IllegalStateException("no bound is drawn for " + deed);
    };
  }

  /** Departed workers too: they come back as what they are described now. */
  private Optional<WorkerId> any(Sight sight) {
    List<WorkerId> all = sight.workers(status -> true);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(chance.below(all.size())));
  }

  private String cap() {
    int most = 1 + chance.below(4);
    return switch (chance.below(6)) {
      case 0, 1, 2 -> "max_replication=" + most;
      case 3, 4 -> "max_replication=none";
      default ->
          "weight_policy={d: [{from: 0, weight: 4, max: "
              + most
              + "}, {from: -40, weight: 12, floor: 2}]}";
    };
  }

  private String ofDomains() {
    return chance.happens(60) ? limits.ofDomains(chance) : "max_per_domain=none";
  }

  /** Any count, none, or one that is less than it holds. */
  private String count(WorkerId id, Sight sight) {
    int held = sight.held(id);
    boolean isCut = held > 1 && chance.happens(50);
    int count = isCut ? held - 1 - chance.below(Math.min(3, held - 1)) : 1 + chance.below(8);
    return "max_replicas " + id + " " + (chance.happens(30) ? "none" : "" + count);
  }

  private String zone() {
    return chance.happens(15) ? "none" : limits.otherPath(chance);
  }
}
