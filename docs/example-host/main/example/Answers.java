package example;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageException.Reason;
import dev.stowage.StowageService;
import dev.stowage.StowageStats;
import dev.stowage.answer.ChunkStatus;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The questions and commands of an operator, with answers for JSON and for the page. */
final class Answers {
  private final Stowage stowage;
  private final StowageService service;
  private final MeterRegistry meters;
  private final LongSupplier clock;

  Answers(Stowage stowage, StowageService service, MeterRegistry meters, LongSupplier clock) {
    this.stowage = stowage;
    this.service = service;
    this.meters = meters;
    this.clock = clock;
  }

  void serve(Http http) {
    http.get("/", request -> page())
        .get("/health", request -> Http.Answer.json(health()))
        .get("/fleet", request -> Http.Answer.json(fleet()))
        .get("/workers", request -> Http.Answer.json(workers()))
        .get("/progress", request -> Http.Answer.json(progress()))
        .get("/leaving", request -> Http.Answer.json(leaving(request)))
        .get("/chunk", request -> Http.Answer.json(chunk(request)))
        .post("/ingest", this::ingest)
        .post("/leave", request -> status(request, WorkerStatus.LEAVING))
        .post("/stay", request -> status(request, WorkerStatus.ACTIVE))
        .post("/gone", request -> answer(stowage.confirmDepartures(ids(request), now())));
  }

  private long now() {
    return clock.getAsLong();
  }

  // ---- questions ----

  private Http.Answer page() {
    Page page = new Page("Fleet, as " + stowage.holder() + " sees it");
    page.facts("Service", health());
    try {
      return page.facts("Fleet", fleet())
          .table("Workers", workers())
          .facts("Progress", progress())
          .answer();
    } catch (StowageException follows) {
      return page.text("This control plane follows: " + service.reason()).answer();
    }
  }

  private Map<String, Object> health() {
    StowageService.Health health = service.health();
    return Json.row("state", service.state(), "level", health.level(), "reasons", health.reasons());
  }

  /** Returns every figure of Stowage, by the name of its meter. */
  private Map<String, Object> fleet() {
    requireLeading();
    StowageStats stats = stowage.stats();
    Map<String, Object> found = figures("stowage.");
    found.put("ingests.delayed", stats.ingestDelays());
    found.put("ingests.refused", stats.ingestRefusals());
    found.put("moves.under.way", Rebalancing.of(stowage).moves().size());
    return found;
  }

  private Map<String, Object> figures(String prefix) {
    Map<String, Object> found = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      Meter.Id id = meter.getId();
      if (id.getName().startsWith(prefix) && !(meter instanceof FunctionTimer)) {
        String tags = String.join(",", id.getTags().stream().map(Tag::getValue).toList());
        String name = id.getName().substring("stowage.".length());
        double value = meter.measure().iterator().next().getValue();
        found.put(tags.isEmpty() ? name : name + " " + tags, value);
      }
    }
    return found;
  }

  private void requireLeading() {
    if (!stowage.isLeading()) {
      throw new StowageException(Reason.NOT_LEADING, service.reason());
    }
  }

  private List<Map<String, Object>> workers() {
    requireLeading();
    return stowage.workers().stream()
        .map(each ->
            Json.row(
                "worker", each.worker(),
                "zone", each.zone(),
                "status", each.status(),
                "used_bytes", each.usedBytes(),
                "capacity_bytes", each.capacityBytes(),
                "fill", each.fill()))
        .toList();
  }

  private Map<String, Object> progress() {
    requireLeading();
    Map<String, Object> found = figures("stowage.bytes.to.go");
    for (WorkerStanding each : stowage.workers()) {
      if (each.status() == WorkerStatus.LEAVING) {
        WorkerId worker = each.worker();
        found.put("leaving " + worker, stowage.leaving(worker).map(Leaving::lines).orElseThrow());
      }
    }
    return found;
  }

  private List<Map<String, Object>> leaving(Http.Request request) {
    return stowage.leaving(ids(request)).stream()
        .map(each -> {
          if (each.code() == Leaving.Verdict.Code.UNKNOWN_WORKER) {
            throw new Http.Refused(404, "no worker " + each.worker());
          }
          return Json.row(
              "worker", each.worker(),
              "safe", each.isSafe(),
              "code", each.code(),
              "text", each.inWords());
        })
        .toList();
  }

  private Map<String, Object> chunk(Http.Request request) {
    ChunkStatus status = stowage.status(List.of(key(request))).get(0);
    if (status.state().isEmpty()) {
      throw new Http.Refused(404, "no chunk " + status.key());
    }
    return Json.row(
        "chunk", status.key(),
        "state", status.state(),
        "replicas", status.replicas(),
        "possessed", status.possessed(),
        "routed", status.routed());
  }

  // ---- commands ----

  private Http.Answer ingest(Http.Request request) {
    BlockRange blocks = BlockRange.of(request.number("first"), request.number("last"));
    Chunk chunk = Chunk.of(key(request), blocks, request.number("bytes"));
    Result.Batch batch = stowage.ingest(List.of(chunk), now());
    ResultCode code = batch.items().get(0).code();
    return Http.Answer.json(
        code == ResultCode.DUPLICATE ? 200 : status(code), Json.row("code", code));
  }

  private Http.Answer status(Http.Request request, WorkerStatus wanted) {
    WorkerId worker = WorkerId.of(request.text("worker"));
    Leaving.StatusSet set = stowage.setStatus(worker, wanted, now());
    List<String> left = new ArrayList<>();
    set.leaving().ifPresent(leaving -> left.addAll(leaving.lines()));
    return Http.Answer.json(
        status(set.code()),
        Json.row("code", set.code(), "reasons", set.reasons(), "leaving", left));
  }

  private static Http.Answer answer(Result.Answer answer) {
    return Http.Answer.json(
        status(answer.code()), Json.row("code", answer.code(), "reasons", answer.reasons()));
  }

  /** Returns the HTTP status of an answer: 404 for what is unknown, 409 for what is refused. */
  private static int status(ResultCode code) {
    return switch (code) {
      case UNKNOWN_CHUNK, UNKNOWN_SWAP, UNKNOWN_WORKER -> 404;
      case INVALID, TOO_LARGE -> 400;
      case BACKPRESSURE -> 429;
      default -> code.isAccepted() ? 200 : 409;
    };
  }

  private static ChunkKey key(Http.Request request) {
    return ChunkKey.of(request.text("dataset"), request.text("chunk"));
  }

  private static List<WorkerId> ids(Http.Request request) {
    return request.list("workers").stream().map(WorkerId::of).toList();
  }
}
