package dev.stowage.sim.filestore;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import java.util.TreeMap;

/** Rows as canonical bytes and back. Stateless. */
final class RowCodec {
  private RowCodec() {}

  // ---- chunks ----

  static void write(CanonicalWriter out, ChunkRow row) {
    out.u32(row.position());
    key(out, row.key());
    out.u64(row.range().first()).u64(row.range().last()).u64(row.sizeBytes()).u32(row.weight());
    eligibility(out, row.eligibility());
    out.u8(row.state().ordinal());
    flag(out, row.marked());
    out.optional(row.number(), RowCodec::number);
    flag(out, row.oncePossessed());
    flag(out, row.staleRoutes());
    out.u64(row.establishedAt()).u64(row.admittedTick()).u64(row.endTick());
    out.optional(row.rejectedBy(), RowCodec::key);
    out.list(row.lostTicks(), CanonicalWriter::u64);
    out.list(row.goneNames(), (to, worker) -> to.string(worker.value()));
  }

  static ChunkRow chunk(CanonicalReader in) {
    return new ChunkRow(
        (int) in.u32(),
        key(in),
        BlockRange.of(in.u64(), in.u64()),
        in.u64(),
        (int) in.u32(),
        eligibility(in),
        ChunkState.values()[in.u8()],
        in.flag(),
        in.optional(RowCodec::number).orElse(null),
        in.flag(),
        in.flag(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.optional(RowCodec::key).orElse(null),
        in.list(CanonicalReader::u64),
        in.list(from -> WorkerId.of(from.string())));
  }

  // ---- workers ----

  static void write(CanonicalWriter out, WorkerRow row) {
    Worker worker = row.description();
    out.u32(row.position()).string(worker.id().value());
    out.u64(worker.capacityBytes()).string(worker.zone());
    eligibility(out, new Eligibility(worker.version(), worker.labels()));
    out.u8(worker.status().ordinal()).u32(worker.maxReplicas());
    out.optional(row.absence(), (to, absence) -> to.u8(absence.ordinal()));
    out.u64(row.absentSince()).u64(row.incarnation().value());
    out.optional(row.diskId(), CanonicalWriter::string);
    out.u64(row.lastApplied());
    flag(out, row.caughtUp());
    flag(out, row.owesInventory());
    out.u64(row.publishedIncarnation()).u64(row.inventoryReport());
    out.list(row.orphans(), RowCodec::number);
    out.optional(row.sliceSum(), CanonicalWriter::u64);
    out.u64(row.lastReport()).u64(row.lastSeenTick());
    flag(out, row.heard());
    out.list(row.pending(), RowCodec::report);
    out.u8(row.departure().ordinal());
  }

  static WorkerRow worker(CanonicalReader in) {
    return new WorkerRow(
        (int) in.u32(),
        description(in),
        in.optional(from -> WorkerStatus.values()[from.u8()]).orElse(null),
        in.u64(),
        Incarnation.of(in.u64()),
        in.optional(CanonicalReader::string).orElse(null),
        in.u64(),
        in.flag(),
        in.flag(),
        in.u64(),
        in.u64(),
        in.list(RowCodec::number),
        in.optional(CanonicalReader::u64).orElse(null),
        in.u64(),
        in.u64(),
        in.flag(),
        in.list(RowCodec::report),
        WorkerRow.Departure.values()[in.u8()]);
  }

  private static Worker description(CanonicalReader in) {
    WorkerId id = WorkerId.of(in.string());
    long capacityBytes = in.u64();
    String zone = in.string();
    Eligibility offer = eligibility(in);
    WorkerStatus status = WorkerStatus.values()[in.u8()];
    int limit = Math.toIntExact(in.u32());
    return new Worker(
        id, capacityBytes, zone, offer.minVersion(), offer.requiredLabels(), status, limit);
  }

  private static void report(CanonicalWriter out, PendingReport report) {
    out.u8(report.kind().ordinal()).u64(report.number()).u64(report.assignment());
    out.list(report.chunks(), RowCodec::number);
  }

  private static PendingReport report(CanonicalReader in) {
    PendingReport.Kind kind = PendingReport.Kind.values()[in.u8()];
    return new PendingReport(kind, in.u64(), in.u64(), in.list(RowCodec::number));
  }

  // ---- swaps ----

  static void write(CanonicalWriter out, SwapRow row) {
    out.u64(row.id()).list(row.oldChunks(), RowCodec::key).list(row.newChunks(), RowCodec::key);
    out.u8(row.coverage().ordinal()).u8(row.state().ordinal());
    out.u64(row.registeredTick()).u64(row.endTick());
  }

  static SwapRow swap(CanonicalReader in) {
    return new SwapRow(
        in.u64(),
        in.list(RowCodec::key),
        in.list(RowCodec::key),
        Coverage.values()[in.u8()],
        SwapState.values()[in.u8()],
        in.u64(),
        in.u64());
  }

  // ---- the fleet ----

  static void write(CanonicalWriter out, FleetRow row) {
    CommandCodec.write(out, new Command.Configure(row.configVersion(), row.config()));
    out.u64(row.workerAssignment()).u64(row.portalAssignment());
    out.list(
        row.lineages(),
        (to, one) -> to.u64(one.token().token()).u64(one.beganTick()).u64(one.lastNumber()));
    out.u64(row.lastSwap()).u64(row.watermark());
    out.list(
        row.formerWindows(), (to, window) -> to.u64(window.windowTicks()).u64(window.untilTick()));
    out.u64(row.largestWindowTicks());
    flag(out, row.frozen());
    out.list(row.wishes(), RowCodec::wish).u64(row.wishesVersion());
    out.list(row.factors(), RowCodec::factor).u64(row.debtBytes()).u64(row.debtReplicas());
    out.map(row.annexes(), (to, annex) -> to.string(annex.kind()).bytes(annex.content()));
    out.u64(row.largestTick()).u64(row.backwardTicks());
    out.u64(row.time().clockNanos()).u64(row.time().tickNanos());
    out.u64(row.time().listeningTick()).u64(row.time().resets());
  }

  static FleetRow fleet(CanonicalReader in) {
    Command.Configure configured = (Command.Configure) CommandCodec.read(in);
    return new FleetRow(
        configured.config(),
        configured.expectedVersion(),
        in.u64(),
        in.u64(),
        in.list(from -> new FleetRow.LineageRow(Lineage.of(from.u64()), from.u64(), from.u64())),
        in.u64(),
        in.u64(),
        in.list(from -> new FleetRow.FormerWindow(from.u64(), from.u64())),
        in.u64(),
        in.flag(),
        in.list(RowCodec::wish),
        in.u64(),
        in.list(RowCodec::factor),
        in.u64(),
        in.u64(),
        new TreeMap<>(in.map(from -> new Annex(from.string(), from.bytes()))),
        in.u64(),
        in.u64(),
        new FleetRow.Time(in.u64(), in.u64(), in.u64(), in.u64()));
  }

  private static void wish(CanonicalWriter out, PlacementWish wish) {
    out.u8(wish.kind().ordinal()).string(wish.dataset().value());
    out.optional(wish.chunkId().orElse(null), CanonicalWriter::string);
    out.string(wish.worker().value());
  }

  private static PlacementWish wish(CanonicalReader in) {
    return new PlacementWish(
        PlacementWish.Kind.values()[in.u8()],
        DatasetId.of(in.string()),
        in.optional(CanonicalReader::string),
        WorkerId.of(in.string()));
  }

  private static void factor(CanonicalWriter out, FleetRow.Factor factor) {
    eligibility(out, factor.eligibility());
    out.u32(factor.weight()).u64(factor.millionths());
  }

  private static FleetRow.Factor factor(CanonicalReader in) {
    return new FleetRow.Factor(eligibility(in), (int) in.u32(), in.u64());
  }

  // ---- small values ----

  static void flag(CanonicalWriter out, boolean value) {
    out.u8(value ? 1 : 0);
  }

  private static void key(CanonicalWriter out, ChunkKey key) {
    out.string(key.dataset().value()).string(key.id());
  }

  private static ChunkKey key(CanonicalReader in) {
    return ChunkKey.of(in.string(), in.string());
  }

  private static void number(CanonicalWriter out, ChunkNumber number) {
    out.u64(number.lineage().token()).u64(number.counter());
  }

  private static ChunkNumber number(CanonicalReader in) {
    return new ChunkNumber(Lineage.of(in.u64()), in.u64());
  }

  private static void eligibility(CanonicalWriter out, Eligibility eligibility) {
    out.string(eligibility.minVersion().toString());
    out.list(eligibility.requiredLabels().sorted(), CanonicalWriter::string);
  }

  private static Eligibility eligibility(CanonicalReader in) {
    WorkerVersion version = WorkerVersion.parse(in.string());
    return new Eligibility(version, Labels.copyOf(in.list(CanonicalReader::string)));
  }
}
