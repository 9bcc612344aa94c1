package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.kit.scenario.words.Pair;
import dev.stowage.sim.kit.scenario.words.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pins and bans of a configuration: each is set as soon as its chunk and its worker are known.
 * Not thread-safe.
 */
final class StandingWishes {
  private final Set<PlacementWish> waiting = new LinkedHashSet<>();

  StandingWishes(Settings settings) {
    settings.pins.ifPresent(pairs -> pairs.forEach(pair -> add(PlacementWish.Kind.PIN, pair)));
    settings.bans.ifPresent(pairs -> pairs.forEach(pair -> add(PlacementWish.Kind.BAN, pair)));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  List<Command<?>> replace(Settings settings, LifecycleSnapshot now) {
    List<Command<?>> takenBack = new ArrayList<>();
    settings.pins.ifPresent(pairs -> replace(PlacementWish.Kind.PIN, pairs, now, takenBack));
    settings.bans.ifPresent(pairs -> replace(PlacementWish.Kind.BAN, pairs, now, takenBack));
    return takenBack;
  }

  private void replace(
      PlacementWish.Kind kind,
      List<Pair> pairs,
      LifecycleSnapshot now,
      List<Command<?>> takenBack) {
    waiting.removeIf(wish -> wish.kind() == kind);
    pairs.forEach(pair -> add(kind, pair));
    for (PlacementWish wish : now.wishes()) {
      if (wish.kind() == kind && !waiting.contains(wish)) {
        takenBack.add(new Command.Unwish(wish, Command.ANY_VERSION));
      }
    }
  }

  List<Command<?>> due(LifecycleSnapshot now) {
    List<Command<?>> due = new ArrayList<>();
    for (PlacementWish wish : List.copyOf(waiting)) {
      boolean isKnown =
          now.workerPosition(wish.worker()) >= 0
              && wish.chunkId().isPresent()
              && now.chunkPosition(new ChunkKey(wish.dataset(), wish.chunkId().get())) >= 0;
      if (isKnown) {
        waiting.remove(wish);
        due.add(new Command.Wish(wish, Command.ANY_VERSION));
      }
    }
    return due;
  }

  private void add(PlacementWish.Kind kind, Pair pair) {
    waiting.add(PlacementWish.of(kind, pair.chunk(), pair.worker()));
  }
}
