package dev.stowage.sim.freeze;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Explanation;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.FleetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The store of a world, of which everything is looked at just before it is closed. */
final class JudgedStore implements ScenarioStore {
  private final ScenarioStore world;
  private final Digest digest;

  JudgedStore(ScenarioStore world, Digest digest) {
    this.world = world;
    this.digest = digest;
  }

  @Override
  public ChunkStore store() {
    return world.store();
  }

  @Override
  public void switchProcess() {
    world.switchProcess();
  }

  @Override
  public void crash() {
    world.crash();
  }

  @Override
  public void expireLease() {
    world.expireLease();
  }

  @Override
  public void remember() {
    world.remember();
  }

  @Override
  public void restore() {
    world.restore();
  }

  @Override
  public void kill() {
    world.kill();
  }

  @Override
  public void close() {
    for (EvidenceRecord record : store().evidence(0, Integer.MAX_VALUE)) {
      Records.add(digest, record);
    }
    world.expireLease();
    StowageConfig config =
        StowageConfig.defaults()
            .withTickLength(Duration.ofNanos(1))
            .withAudit(AuditLevel.OFF)
            .withHolder("whoever looks");
    try (Stowage fleet = Stowage.builder(store()).config(config).build()) {
      if (!fleet.claim(0).granted()) {
        throw new IllegalStateException("the lease is refused");
      }
      LifecycleSnapshot books = fleet.snapshot();
      digest.add(books.digest()).add(books.largestTick().value()).add(books.watermark());
      published(fleet.fleet(), books);
      explained(fleet, books);
    }
    world.close();
  }

  private static List<ChunkKey> chunks(LifecycleSnapshot books) {
    List<ChunkKey> keys = new ArrayList<>();
    books.forEachChunk(chunk -> keys.add(books.chunkKey(chunk)));
    keys.sort(null);
    return keys;
  }

  private static List<WorkerId> workers(LifecycleSnapshot books) {
    List<WorkerId> ids = new ArrayList<>();
    books.forEachWorker(worker -> ids.add(books.workerId(worker)));
    ids.sort(null);
    return ids;
  }

  private void published(FleetView view, LifecycleSnapshot books) {
    for (DocumentFormat format : List.of(DocumentFormat.BINARY, DocumentFormat.JSON)) {
      digest.add(format.toBytes(RoutesDocument.of(view.portalAssignment())));
      PortalAssignmentId first = PortalAssignmentId.of(1);
      digest.add(format.toBytes(RoutesDocument.of(view.portalSince(view.lineage(), first))));
      for (WorkerId worker : workers(books)) {
        view.slice(worker).ifPresent(slice -> digest.add(format.toBytes(SliceDocument.of(slice))));
        view.sliceSince(worker, view.lineage(), WorkerAssignmentId.of(1))
            .ifPresent(delta -> digest.add(format.toBytes(SliceDocument.of(delta))));
      }
    }
  }

  private void explained(Stowage fleet, LifecycleSnapshot books) {
    long now = books.largestTick().value();
    for (ChunkKey chunk : chunks(books)) {
      digest.add(fleet.whyNotVisible(chunk).question()).add(fleet.whyNotVisible(chunk).reasons());
      add(fleet.explainPlacement(chunk, now));
      for (WorkerId worker : workers(books)) {
        digest.add(fleet.whyDrainHeld(chunk, worker).reasons());
      }
    }
    workers(books).forEach(worker -> add(fleet.explainPlacement(worker, now)));
    books.pendingSwaps().forEach(swap -> digest.add(fleet.whySwapWaits(swap.id()).reasons()));
  }

  private void add(Optional<Explanation> explanation) {
    digest.add(explanation.map(Explanation::text).orElse(""));
  }
}
