package dev.stowage.engine;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The records of the engine in words, for {@code explain} and {@code replay}. */
public final class EngineCatalog {
  /** Every record type that a facade writes. */
  public static final RecordCatalog CATALOG =
      RecordCatalog.builder()
          .add(EngineRecords.FOUNDED, EngineCatalog::founded)
          .add(EngineRecords.COMMAND, EngineCatalog::command)
          .add(EngineRecords.PREPARED, EngineCatalog::command)
          .add(EngineRecords.PLANNED, EngineCatalog::command)
          .add(EngineRecords.SEEN, EngineCatalog::seen)
          .add(EngineRecords.MOVE, EngineCatalog::move)
          .add(EngineRecords.RESULT, EngineCatalog::result)
          .build();

  private static final int MOST_CHARACTERS = 400;

  private EngineCatalog() {}

  private static RecordDecoder.Decoded founded(CanonicalReader reader) {
    Lineage lineage = Lineage.of(reader.u64());
    Command<?> first = CommandCodec.fromBytes(reader.bytes());
    return RecordDecoder.Decoded.of("lineage " + lineage + ", " + first);
  }

  private static RecordDecoder.Decoded command(CanonicalReader reader) {
    long tick = reader.u64();
    Command<?> command = CommandCodec.fromBytes(reader.bytes());
    return new RecordDecoder.Decoded(
        "at " + tick + ": " + shortened(text(command)), subjects(command));
  }

  private static String text(Command<?> command) {
    return command instanceof Command.Schedule cycle && !cycle.advice().scores().isEmpty()
        ? "Schedule, gives up by scores " + scores(cycle.advice())
        : command.toString();
  }

  /** What was known of each chunk that has too many replicas, the worst first. */
  private static String scores(PlanningAdvice advice) {
    TreeMap<ChunkKey, List<PlanningAdvice.Score>> byChunk = new TreeMap<>();
    for (PlanningAdvice.Score score : advice.scores()) {
      byChunk.computeIfAbsent(score.chunk(), chunk -> new ArrayList<>()).add(score);
    }
    List<String> all = new ArrayList<>();
    byChunk.forEach((chunk, scores) -> {
      scores.sort(Comparator.comparingInt(PlanningAdvice.Score::micros));
      all.add(
          scores.stream()
              .map(score -> score.worker() + " " + score.micros())
              .collect(Collectors.joining(", ", chunk + " on ", "")));
    });
    return String.join("; ", all);
  }

  private static RecordDecoder.Decoded seen(CanonicalReader reader) {
    return RecordDecoder.Decoded.of("cycles before saw tick " + reader.u64());
  }

  private static RecordDecoder.Decoded move(CanonicalReader reader) {
    long tick = reader.u64();
    ChunkKey chunk = ChunkKey.of(reader.string(), reader.string());
    WorkerId from = WorkerId.of(reader.string());
    WorkerId to = WorkerId.of(reader.string());
    String text =
        "at "
            + tick
            + ": "
            + chunk
            + " from "
            + from
            + " to "
            + to
            + ", "
            + reader.u64()
            + " bytes; micro-points sampled "
            + reader.u64()
            + ", live "
            + reader.u64()
            + ", there "
            + reader.u64()
            + ", gap "
            + reader.u64()
            + ", cost "
            + reader.u64()
            + "; "
            + reader.string();
    return new RecordDecoder.Decoded(
        text, List.of(Subject.chunk(chunk), Subject.worker(from), Subject.worker(to)));
  }

  /** What a result is about is named by the command before it; it tells what changed. */
  private static RecordDecoder.Decoded result(CanonicalReader reader) {
    StringBuilder text = new StringBuilder(reader.string());
    if (reader.flag()) {
      reader.bytes();
    } else {
      reader.hash();
    }
    text.append(", digest ").append(Long.toHexString(reader.u64()));
    long workers = reader.u64();
    long portals = reader.u64();
    text.append(workers == 0 ? "" : ", worker assignment " + workers);
    text.append(portals == 0 ? "" : ", portal assignment " + portals);
    text.append(", replicas written ").append(reader.u64());
    text.append(", gone ").append(reader.u64());
    return RecordDecoder.Decoded.of(text.toString());
  }

  private static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }

  private static List<Subject> subjects(Command<?> command) {
    CommandKind<?, ?> kind = command.kind();
    List<Subject> subjects = new ArrayList<>();
    kind.chunks(command).forEach(key -> subjects.add(Subject.chunk(key)));
    kind.worker(command).ifPresent(id -> subjects.add(Subject.worker(id)));
    return subjects;
  }
}
