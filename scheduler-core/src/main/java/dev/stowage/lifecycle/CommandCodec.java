package dev.stowage.lifecycle;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands as canonical bytes and back, so that a recorded run can be replayed. Equal commands have
 * equal bytes. The kind of a command is one byte that is never given to another one. Stateless and
 * thread-safe.
 */
public final class CommandCodec {
  private static final int CONFIGURE = 1;
  private static final int INGEST = 2;
  private static final int OFFER = 3;
  private static final int REGISTER_SWAP = 4;
  private static final int CANCEL_SWAP = 5;
  private static final int REMOVE = 6;
  private static final int REGISTER = 7;
  private static final int HEARTBEAT = 8;
  private static final int APPLIED = 9;
  private static final int LOST = 10;
  private static final int INVENTORY = 11;
  private static final int DESCRIBE = 12;
  private static final int SET_STATUS = 13;
  private static final int WISH = 14;
  private static final int UNWISH = 15;
  private static final int FREEZE = 16;
  private static final int UNFREEZE = 17;
  private static final int BEGIN_LINEAGE = 18;
  private static final int ADMIT = 19;
  private static final int SCHEDULE = 20;
  private static final int PUBLISH = 21;
  private static final int PURGE = 22;
  private static final int KEEP = 23;

  /** A cycle with scores; one without them has the bytes that it always had. */
  private static final int SCHEDULE_BY_SCORES = 24;

  private CommandCodec() {}

  /** A command as a whole canonical message. */
  public static byte[] toBytes(Command command) {
    CanonicalWriter out = new CanonicalWriter();
    write(out, command);
    return out.toBytes();
  }

  /**
   * The command of a whole canonical message.
   *
   * @throws RuntimeException as the reader does, if the bytes are no command
   */
  public static Command fromBytes(byte[] message) {
    CanonicalReader in = CanonicalReader.of(message);
    Command command = read(in);
    in.end();
    return command;
  }

  /** Appends a command. */
  public static void write(CanonicalWriter out, Command command) {
    if (command instanceof Command.Ingest ingest) {
      out.u8(INGEST).list(ingest.chunks(), CommandCodec::proposal);
    } else if (command instanceof Command.Offer offer) {
      out.u8(OFFER).list(offer.chunks(), CommandCodec::proposal);
    } else if (command instanceof Command.RegisterSwap swap) {
      out.u8(REGISTER_SWAP).string(swap.dataset().value());
      out.list(swap.oldChunks(), CommandCodec::key);
      out.list(swap.newChunks(), CommandCodec::proposal).u8(swap.coverage().ordinal());
    } else if (command instanceof Command.CancelSwap cancel) {
      out.u8(CANCEL_SWAP).u64(cancel.swapId());
    } else if (command instanceof Command.Remove remove) {
      key(out.u8(REMOVE), remove.chunk());
    } else if (command instanceof Command.Admit) {
      out.u8(ADMIT);
    } else if (command instanceof Command.Schedule schedule) {
      schedule(out, schedule.advice());
    } else if (command instanceof Command.Publish publish) {
      out.u8(PUBLISH).u64(publish.commitTick());
    } else if (command instanceof Command.Purge) {
      out.u8(PURGE);
    } else {
      writeReport(out, command);
    }
  }

  private static void writeReport(CanonicalWriter out, Command command) {
    if (command instanceof Command.Register register) {
      out.u8(REGISTER).string(register.worker().value()).string(register.diskId());
    } else if (command instanceof Command.Heartbeat heartbeat) {
      header(out.u8(HEARTBEAT), heartbeat.header());
    } else if (command instanceof Command.Applied applied) {
      header(out.u8(APPLIED), applied.header());
      out.u64(applied.id().value()).list(applied.missing(), CommandCodec::number);
    } else if (command instanceof Command.Lost lost) {
      header(out.u8(LOST), lost.header());
      out.list(lost.chunks(), CommandCodec::number);
    } else if (command instanceof Command.Inventory inventory) {
      header(out.u8(INVENTORY), inventory.header());
      out.list(inventory.chunks(), CommandCodec::number);
    } else {
      writeHost(out, command);
    }
  }

  private static void writeHost(CanonicalWriter out, Command command) {
    if (command instanceof Command.Configure configure) {
      out.u8(CONFIGURE).u64(configure.expectedVersion());
      ConfigCodec.write(out, configure.config());
    } else if (command instanceof Command.Describe said) {
      out.u8(DESCRIBE).string(said.worker().value()).u64(said.capacityBytes());
      out.string(said.zone());
      ConfigCodec.version(out, said.version());
      out.list(said.labels().sorted(), (to, label) -> to.string(label));
    } else if (command instanceof Command.SetStatus status) {
      out.u8(SET_STATUS).string(status.worker().value()).u8(status.status().ordinal());
    } else if (command instanceof Command.Wish wish) {
      wish(out.u8(WISH), wish.wish()).u64(wish.expectedVersion());
    } else if (command instanceof Command.Unwish unwish) {
      wish(out.u8(UNWISH), unwish.wish()).u64(unwish.expectedVersion());
    } else if (command instanceof Command.Freeze freeze) {
      out.u8(FREEZE).u64(freeze.expectedVersion());
    } else if (command instanceof Command.Unfreeze unfreeze) {
      out.u8(UNFREEZE).u64(unfreeze.expectedVersion());
    } else if (command instanceof Command.BeginLineage begin) {
      out.u8(BEGIN_LINEAGE).u64(begin.lineage().token());
    } else if (command instanceof Command.Keep keep) {
      out.u8(KEEP).string(keep.annex().kind()).bytes(keep.annex().content());
    } else {
      throw new IllegalArgumentException("unknown command " + command);
    }
  }

  /** Reads the next command. */
  public static Command read(CanonicalReader in) {
    int kind = in.u8();
    return switch (kind) {
      case CONFIGURE -> new Command.Configure(in.u64(), ConfigCodec.read(in));
      case INGEST -> new Command.Ingest(in.list(CommandCodec::proposal));
      case OFFER -> new Command.Offer(in.list(CommandCodec::proposal));
      case REGISTER_SWAP ->
          new Command.RegisterSwap(
              DatasetId.of(in.string()),
              in.list(CommandCodec::key),
              in.list(CommandCodec::proposal),
              Coverage.values()[in.u8()]);
      case CANCEL_SWAP -> new Command.CancelSwap(in.u64());
      case REMOVE -> new Command.Remove(key(in));
      case REGISTER -> new Command.Register(WorkerId.of(in.string()), in.string());
      case HEARTBEAT -> new Command.Heartbeat(header(in));
      case APPLIED ->
          new Command.Applied(
              header(in), WorkerAssignmentId.of(in.u64()), in.list(CommandCodec::number));
      case LOST -> new Command.Lost(header(in), in.list(CommandCodec::number));
      case INVENTORY -> new Command.Inventory(header(in), in.list(CommandCodec::number));
      default -> readHost(kind, in);
    };
  }

  private static Command readHost(int kind, CanonicalReader in) {
    return switch (kind) {
      case DESCRIBE ->
          new Command.Describe(
              WorkerId.of(in.string()),
              in.u64(),
              in.string(),
              ConfigCodec.version(in),
              Labels.copyOf(in.list(CanonicalReader::string)));
      case SET_STATUS ->
          new Command.SetStatus(WorkerId.of(in.string()), WorkerStatus.values()[in.u8()]);
      case WISH -> new Command.Wish(wish(in), in.u64());
      case UNWISH -> new Command.Unwish(wish(in), in.u64());
      case FREEZE -> new Command.Freeze(in.u64());
      case UNFREEZE -> new Command.Unfreeze(in.u64());
      case BEGIN_LINEAGE -> new Command.BeginLineage(Lineage.of(in.u64()));
      case ADMIT -> new Command.Admit();
      case SCHEDULE -> new Command.Schedule(advice(in));
      case SCHEDULE_BY_SCORES -> new Command.Schedule(advice(in).withScores(scores(in)));
      case PUBLISH -> new Command.Publish(in.u64());
      case PURGE -> new Command.Purge();
      case KEEP -> new Command.Keep(new Annex(in.string(), in.bytes()));
      default -> throw new IllegalArgumentException("command kind is " + kind + "; 1 to 24 known");
    };
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

  private static void proposal(CanonicalWriter out, ProposedChunk chunk) {
    key(out, chunk.key());
    out.u64(chunk.firstBlock()).u64(chunk.lastBlock()).u64(chunk.sizeBytes());
    ConfigCodec.weight(out, chunk.weight());
    ConfigCodec.eligibility(out, chunk.eligibility());
  }

  private static ProposedChunk proposal(CanonicalReader in) {
    return new ProposedChunk(
        key(in), in.u64(), in.u64(), in.u64(), ConfigCodec.weight(in), ConfigCodec.eligibility(in));
  }

  private static void header(CanonicalWriter out, ReportHeader header) {
    out.string(header.worker().value()).u64(header.incarnation().value());
    out.u64(header.lineage().token()).u64(header.number());
  }

  private static ReportHeader header(CanonicalReader in) {
    return new ReportHeader(
        WorkerId.of(in.string()), Incarnation.of(in.u64()), Lineage.of(in.u64()), in.u64());
  }

  private static CanonicalWriter wish(CanonicalWriter out, PlacementWish wish) {
    out.u8(wish.kind().ordinal()).string(wish.dataset().value());
    out.optional(wish.chunkId().orElse(null), (to, id) -> to.string(id));
    return out.string(wish.worker().value());
  }

  private static PlacementWish wish(CanonicalReader in) {
    PlacementWish.Kind kind = PlacementWish.Kind.values()[in.u8()];
    DatasetId dataset = DatasetId.of(in.string());
    Optional<String> chunk = in.optional(CanonicalReader::string);
    return new PlacementWish(kind, dataset, chunk, WorkerId.of(in.string()));
  }

  private static void schedule(CanonicalWriter out, PlanningAdvice advice) {
    if (advice.scores().isEmpty()) {
      advice(out.u8(SCHEDULE), advice);
    } else {
      advice(out.u8(SCHEDULE_BY_SCORES), advice);
      out.list(scoresByChunk(advice.scores()), CommandCodec::scoresOfChunk);
    }
  }

  /** Scores in their order; those of one chunk that follow each other together. */
  private static List<List<PlanningAdvice.Score>> scoresByChunk(List<PlanningAdvice.Score> all) {
    List<List<PlanningAdvice.Score>> groups = new ArrayList<>();
    int begin = 0;
    for (int end = 1; end <= all.size(); end++) {
      if (end == all.size() || !all.get(end).chunk().equals(all.get(begin).chunk())) {
        groups.add(all.subList(begin, end));
        begin = end;
      }
    }
    return groups;
  }

  private static void scoresOfChunk(CanonicalWriter out, List<PlanningAdvice.Score> scores) {
    key(out, scores.get(0).chunk());
    out.list(scores, (to, score) -> to.string(score.worker().value()).u32(score.micros()));
  }

  private static List<PlanningAdvice.Score> scores(CanonicalReader in) {
    List<PlanningAdvice.Score> all = new ArrayList<>();
    List<Integer> groups = in.list(from -> scoresOfChunk(from, all));
    if (groups.isEmpty() || groups.contains(0) || groups.size() != scoresByChunk(all).size()) {
      throw new IllegalArgumentException("the scores are not grouped as they are written");
    }
    return all;
  }

  private static int scoresOfChunk(CanonicalReader in, List<PlanningAdvice.Score> to) {
    ChunkKey chunk = key(in);
    List<PlanningAdvice.Score> scores =
        in.list(from ->
            new PlanningAdvice.Score(
                chunk, WorkerId.of(from.string()), Math.toIntExact(from.u32())));
    to.addAll(scores);
    return scores.size();
  }

  private static void advice(CanonicalWriter out, PlanningAdvice advice) {
    out.list(
        advice.intents(),
        (to, intent) -> {
          key(to, intent.chunk());
          to.string(intent.from().value()).string(intent.to().value());
        });
    out.list(advice.avoided(), (to, worker) -> to.string(worker.value()));
    out.list(advice.cooling(), CommandCodec::key);
    out.optional(advice.budget().orElse(null), ConfigCodec::budget);
  }

  private static PlanningAdvice advice(CanonicalReader in) {
    return new PlanningAdvice(
        in.list(from ->
            new PlanningAdvice.Intent(
                key(from), WorkerId.of(from.string()), WorkerId.of(from.string()))),
        in.list(from -> WorkerId.of(from.string())),
        in.list(CommandCodec::key),
        in.optional(ConfigCodec::budget));
  }
}
