package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Utf8Order;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CommandTable;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.MovementBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands as canonical bytes and back, so that a recorded run can be replayed. Equal commands have
 * equal bytes. The kind of a command is one byte. Stateless and thread-safe.
 */
public final class CommandCodec {
  private static final CommandTable<Form<?, ?>> FORMS =
      new CommandTable<>(
          List.of(
              form(
                  CommandKind.CONFIGURE,
                  CommandCodec::configure,
                  in -> new Command.Configure(in.u64(), in.row(LifecycleConfig.SHAPE))),
              form(
                  CommandKind.INGEST,
                  (out, it) -> out.list(it.chunks(), CommandCodec::proposal),
                  in -> new Command.Ingest(in.list(CommandCodec::proposal))),
              form(
                  CommandKind.OFFER,
                  (out, it) -> out.list(it.chunks(), CommandCodec::proposal),
                  in -> new Command.Offer(in.list(CommandCodec::proposal))),
              form(CommandKind.REGISTER_SWAP, CommandCodec::swap, CommandCodec::swap),
              form(
                  CommandKind.CANCEL_SWAP,
                  (out, it) -> out.u64(it.swapId()),
                  in -> new Command.CancelSwap(in.u64())),
              form(
                  CommandKind.REMOVE,
                  (out, it) -> key(out, it.chunk()),
                  in -> new Command.Remove(key(in))),
              form(
                  CommandKind.REGISTER,
                  (out, it) -> out.string(it.worker().value()).string(it.diskId()),
                  in -> new Command.Register(WorkerId.of(in.string()), in.string())),
              form(
                  CommandKind.HEARTBEAT,
                  (out, it) -> header(out, it.header()),
                  in -> new Command.Heartbeat(header(in))),
              form(CommandKind.APPLIED, CommandCodec::applied, CommandCodec::applied),
              form(
                  CommandKind.LOST,
                  (out, it) -> report(out, it.header(), it.chunks()),
                  in -> new Command.Lost(header(in), NumberCodec.read(in))),
              form(
                  CommandKind.INVENTORY,
                  (out, it) -> report(out, it.header(), it.chunks()),
                  in -> new Command.Inventory(header(in), NumberCodec.read(in))),
              form(
                  CommandKind.DESCRIBE,
                  (out, it) ->
                      out.string(it.worker().value())
                          .row(Worker.Description.SHAPE, it.description()),
                  in ->
                      new Command.Describe(
                          WorkerId.of(in.string()), in.row(Worker.Description.SHAPE))),
              form(
                  CommandKind.SET_STATUS,
                  (out, it) -> out.string(it.worker().value()).u8(it.status().ordinal()),
                  in ->
                      new Command.SetStatus(
                          WorkerId.of(in.string()), in.oneOf(WorkerStatus.values()))),
              form(
                  CommandKind.WISH,
                  (out, it) -> wish(out, it.wish()).u64(it.expectedVersion()),
                  in -> new Command.Wish(wish(in), in.u64())),
              form(
                  CommandKind.UNWISH,
                  (out, it) -> wish(out, it.wish()).u64(it.expectedVersion()),
                  in -> new Command.Unwish(wish(in), in.u64())),
              form(
                  CommandKind.FREEZE,
                  (out, it) -> out.u64(it.expectedVersion()),
                  in -> new Command.Freeze(in.u64())),
              form(
                  CommandKind.UNFREEZE,
                  (out, it) -> out.u64(it.expectedVersion()),
                  in -> new Command.Unfreeze(in.u64())),
              form(
                  CommandKind.BEGIN_LINEAGE,
                  (out, it) -> out.u64(it.lineage().token()),
                  in -> new Command.BeginLineage(Lineage.of(in.u64()))),
              form(CommandKind.ADMIT, (out, it) -> {}, in -> new Command.Admit()),
              form(
                  CommandKind.SCHEDULE,
                  CommandCodec::schedule,
                  in -> new Command.Schedule(advice(in).withScores(scores(in)))),
              form(
                  CommandKind.PUBLISH,
                  (out, it) -> out.u64(it.commitTick()),
                  in -> new Command.Publish(in.u64())),
              form(CommandKind.PURGE, (out, it) -> {}, in -> new Command.Purge()),
              form(
                  CommandKind.KEEP,
                  (out, it) -> out.string(it.annex().kind()).bytes(it.annex().content()),
                  in -> new Command.Keep(new Annex(in.string(), in.bytes()))),
              form(CommandKind.INVENTORY_PART, CommandCodec::part, CommandCodec::part),
              form(
                  CommandKind.RESET_TIME,
                  (out, it) -> out.u64(it.now().value()),
                  in -> new Command.ResetTime(Tick.of(in.u64()))),
              form(
                  CommandKind.CONFIRM_DEPARTURES,
                  (out, it) -> out.list(it.workers(), (to, worker) -> to.string(worker.value())),
                  in -> new Command.ConfirmDepartures(in.list(from -> WorkerId.of(from.string())))),
              form(CommandKind.SET_ASIDE, CommandCodec::setAside, CommandCodec::setAside)));

  private interface Writer<C> {
    void write(CanonicalWriter out, C command);
  }

  private interface Reader<C> {
    C read(CanonicalReader in);
  }

  /**
   * How commands of a kind are written and read.
   *
   * @param kind the kind, whose number is the byte that a command begins with
   * @param writer writes what follows it
   * @param reader reads what follows the number of the kind
   */
  private record Form<C extends Command<R>, R extends Result>(
      CommandKind<C, R> kind, Writer<C> writer, Reader<C> reader) implements CommandTable.Row {
    void write(CanonicalWriter out, Command<?> command) {
      C mine = kind.of(command);
      writer.write(out.u8(kind.number()), mine);
    }
  }

  private static <C extends Command<R>, R extends Result> Form<C, R> form(
      CommandKind<C, R> kind, Writer<C> writer, Reader<C> reader) {
    return new Form<>(kind, writer, reader);
  }

  private CommandCodec() {}

  /** A command as a whole canonical message. */
  public static byte[] toBytes(Command<?> command) {
    CanonicalWriter out = new CanonicalWriter();
    write(out, command);
    return out.toBytes();
  }

  /** The bytes that a chunk takes in a command, counted without writing them. */
  public static long length(ProposedChunk chunk) {
    long bytes = length(chunk.key()) + 3 * Long.BYTES + 1 + 3 * Integer.BYTES + Integer.BYTES;
    bytes += chunk.weight().isPresent() ? Integer.BYTES : 0;
    for (String label : chunk.eligibility().requiredLabels().sorted()) {
      bytes += length(label);
    }
    return bytes;
  }

  /** The bytes that a key takes in a command. */
  public static long length(ChunkKey key) {
    return length(key.dataset().value()) + length(key.id());
  }

  private static long length(String text) {
    return Integer.BYTES + (long) Utf8Order.length(text);
  }

  /** The bytes that a configuration takes in a command. */
  public static long length(LifecycleConfig config) {
    CanonicalWriter out = new CanonicalWriter();
    return out.row(LifecycleConfig.SHAPE, config).length();
  }

  /** The bytes that what is asked of a plan takes in a command. */
  public static long length(PlanningAdvice advice) {
    CanonicalWriter out = new CanonicalWriter();
    schedule(out, new Command.Schedule(advice));
    return out.length();
  }

  /**
   * The command of a whole canonical message.
   *
   * @throws EvidenceException.Malformed if the bytes are no command
   */
  public static Command<?> fromBytes(byte[] message) {
    CanonicalReader in = CanonicalReader.of(message);
    Command<?> command = read(in);
    in.end();
    return command;
  }

  /** Appends a command. */
  public static void write(CanonicalWriter out, Command<?> command) {
    FORMS.of(command.kind()).write(out, command);
  }

  /**
   * Reads the next command.
   *
   * @throws EvidenceException.Malformed if there is none
   */
  public static Command<?> read(CanonicalReader in) {
    return in.value(CommandCodec::command);
  }

  private static Command<?> command(CanonicalReader in) {
    int number = in.u8();
    Form<?, ?> form =
        FORMS
            .numbered(number)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "command kind is "
                        + number
                        + "; 1 to "
                        + CommandKind.ALL.size()
                        + " is accepted"));
    return form.reader().read(in);
  }

  private static void configure(CanonicalWriter out, Command.Configure configure) {
    out.u64(configure.expectedVersion()).row(LifecycleConfig.SHAPE, configure.config());
  }

  private static void swap(CanonicalWriter out, Command.RegisterSwap swap) {
    out.string(swap.dataset().value()).list(swap.oldChunks(), CommandCodec::key);
    out.list(swap.newChunks(), CommandCodec::proposal).u8(swap.coverage().ordinal());
  }

  private static Command.RegisterSwap swap(CanonicalReader in) {
    return new Command.RegisterSwap(
        DatasetId.of(in.string()),
        in.list(CommandCodec::key),
        in.list(CommandCodec::proposal),
        in.oneOf(Coverage.values()));
  }

  private static void applied(CanonicalWriter out, Command.Applied applied) {
    header(out, applied.header());
    NumberCodec.write(out.u64(applied.id().value()), applied.missing());
  }

  private static Command.Applied applied(CanonicalReader in) {
    return new Command.Applied(header(in), WorkerAssignmentId.of(in.u64()), NumberCodec.read(in));
  }

  private static void report(CanonicalWriter out, ReportHeader header, List<ChunkNumber> chunks) {
    header(out, header);
    NumberCodec.write(out, chunks);
  }

  private static void part(CanonicalWriter out, Command.InventoryPart part) {
    header(out, part.header());
    out.u32(part.place()).u32(part.of());
    NumberCodec.writePacked(out, ChunkNumbers.of(part.chunks()));
  }

  private static Command.InventoryPart part(CanonicalReader in) {
    return new Command.InventoryPart(header(in), in.i31(), in.i31(), NumberCodec.readPacked(in));
  }

  private static void setAside(CanonicalWriter out, Command.SetAside it) {
    out.u8(it.about()).optional(it.worker().orElse(null), (to, id) -> to.string(id.value()));
    out.u64(it.lastReport()).optional(it.diskId().orElse(null), (to, disk) -> to.string(disk));
    out.list(it.admitted(), CommandCodec::proposal).list(it.offered(), CommandCodec::proposal);
    out.hash(it.digest()).string(it.reason());
  }

  private static Command.SetAside setAside(CanonicalReader in) {
    return new Command.SetAside(
        in.u8(),
        in.optional(from -> WorkerId.of(from.string())),
        in.u64(),
        in.optional(CanonicalReader::string),
        in.list(CommandCodec::proposal),
        in.list(CommandCodec::proposal),
        in.hash(),
        in.string());
  }

  private static void key(CanonicalWriter out, ChunkKey key) {
    out.string(key.dataset().value()).string(key.id());
  }

  private static ChunkKey key(CanonicalReader in) {
    return ChunkKey.of(in.string(), in.string());
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
    PlacementWish.Kind kind = in.oneOf(PlacementWish.Kind.values());
    DatasetId dataset = DatasetId.of(in.string());
    Optional<String> chunk = in.optional(CanonicalReader::string);
    return new PlacementWish(kind, dataset, chunk, WorkerId.of(in.string()));
  }

  private static void schedule(CanonicalWriter out, Command.Schedule cycle) {
    advice(out, cycle.advice());
    out.list(scoresByChunk(cycle.advice().scores()), CommandCodec::scoresOfChunk);
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
    if (groups.contains(0) || groups.size() != scoresByChunk(all).size()) {
      throw new IllegalArgumentException("the scores are not grouped as they are written");
    }
    return all;
  }

  private static int scoresOfChunk(CanonicalReader in, List<PlanningAdvice.Score> to) {
    ChunkKey chunk = key(in);
    List<PlanningAdvice.Score> scores =
        in.list(from -> new PlanningAdvice.Score(chunk, WorkerId.of(from.string()), from.i31()));
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
    out.optional(
        advice.budget().orElse(null), (to, budget) -> to.row(MovementBudget.SHAPE, budget));
  }

  private static PlanningAdvice advice(CanonicalReader in) {
    return new PlanningAdvice(
        in.list(from ->
            new PlanningAdvice.Intent(
                key(from), WorkerId.of(from.string()), WorkerId.of(from.string()))),
        in.list(from -> WorkerId.of(from.string())),
        in.list(CommandCodec::key),
        in.optional(from -> from.row(MovementBudget.SHAPE)));
  }
}
