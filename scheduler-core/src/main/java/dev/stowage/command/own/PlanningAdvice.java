package dev.stowage.command.own;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The requests of other packages for one plan. Unknown chunks and workers are ignored.
 *
 * @param intents moves that the rebalancer requests, in its order
 * @param avoided workers that take nothing new
 * @param cooling recently moved chunks that must not be levelled
 * @param failedBytes bytes of failed copies that wait, subtracted from the movement budget
 * @param scores the quality of excess replicas: lowest first, unscored last; a pair's lowest counts
 * @param newest the newest of the chunks that were never placed which the plan considers; all if
 *     empty
 * @param relieved workers that leveling gives nothing: moves took replicas off them lately, or
 *     scores ask for it
 */
public record PlanningAdvice(
    @Declare(orEmpty = true) List<Intent> intents,
    @Declare(orEmpty = true) List<WorkerId> avoided,
    @Declare(orEmpty = true) List<ChunkKey> cooling,
    @Declare(least = 0, orElse = 0) long failedBytes,
    @Declare(form = "FORM", forms = ScoresOfChunk.class, orEmpty = true) List<Score> scores,
    @Declare(orEmpty = true) Optional<Newest> newest,
    @Declare(orEmpty = true) List<WorkerId> relieved) {
  /** The fields of an advice. */
  static final Shape<PlanningAdvice> SHAPE = Shape.derived("advice", PlanningAdvice.class);

  /** No advice. */
  public static final PlanningAdvice NONE = new PlanningAdvice(List.of(), List.of(), List.of(), 0);

  /** Copies the lists; throws {@code IllegalArgumentException} for negative bytes. */
  public PlanningAdvice {
    intents = List.copyOf(intents);
    avoided = List.copyOf(avoided);
    cooling = List.copyOf(cooling);
    if (failedBytes < 0) {
      throw new IllegalArgumentException(
          "failedBytes is " + failedBytes + "; at least 0 is accepted");
    }
    scores = List.copyOf(scores);
    relieved = List.copyOf(relieved);
  }

  /** Creates advice without scores, about all chunks. */
  public PlanningAdvice(
      List<Intent> intents, List<WorkerId> avoided, List<ChunkKey> cooling, long failedBytes) {
    this(intents, avoided, cooling, failedBytes, List.of(), Optional.empty(), List.of());
  }

  /** Returns this advice with other scores. */
  public PlanningAdvice withScores(List<Score> replacement) {
    return new PlanningAdvice(
        intents, avoided, cooling, failedBytes, replacement, newest, relieved);
  }

  /** Returns this advice with other relieved workers. */
  public PlanningAdvice relieving(List<WorkerId> replacement) {
    return new PlanningAdvice(intents, avoided, cooling, failedBytes, scores, newest, replacement);
  }

  /** Returns this advice about new chunks up to another number. */
  public PlanningAdvice upTo(Optional<Newest> replacement) {
    return newest.equals(replacement)
        ? this
        : new PlanningAdvice(intents, avoided, cooling, failedBytes, scores, replacement, relieved);
  }

  /** Returns this advice with unreachable workers added and the bytes of failed transfers set. */
  public PlanningAdvice withTransfers(List<WorkerId> unreachable, long failed) {
    if (unreachable.isEmpty() && failed == failedBytes) {
      return this;
    }
    TreeSet<WorkerId> all = new TreeSet<>(avoided);
    all.addAll(unreachable);
    return new PlanningAdvice(intents, List.copyOf(all), cooling, failed, scores, newest, relieved);
  }

  /**
   * A chunk number, in an order that lineages follow each other in.
   *
   * @param lineage the place of the lineage among those of the fleet, from 0
   * @param number the number in the lineage, from 0
   */
  public record Newest(int lineage, @Declare(least = 0) long number) implements Comparable<Newest> {
    static final Shape<Newest> SHAPE = Shape.derived("newest", Newest.class);

    /** Throws {@code IllegalArgumentException} for components below 0. */
    public Newest {
      if (lineage < 0 || number < 0) {
        throw new IllegalArgumentException(
            "lineage " + lineage + " and number " + number + "; at least 0 is accepted");
      }
    }

    @Override
    public int compareTo(Newest other) {
      return lineage == other.lineage
          ? Long.compare(number, other.number)
          : Integer.compare(lineage, other.lineage);
    }
  }

  /** The quality of a replica, 0 to 1,000,000 millionths of a point, more is better. */
  public record Score(ChunkKey chunk, WorkerId worker, int micros) {
    /** The best score, in millionths of a point. */
    public static final int PER_POINT = 1_000_000;

    /** Throws {@code IllegalArgumentException} for a score out of range. */
    public Score {
      if (micros < 0 || micros > PER_POINT) {
        throw new IllegalArgumentException(
            "score is " + micros + " micro-points; 0 to " + PER_POINT + " are accepted");
      }
    }
  }

  /** Groups consecutive scores of one chunk, so that its key is written once. */
  record ScoresOfChunk(ChunkKey chunk, List<Share> shares) {
    record Share(WorkerId worker, int micros) {
      static final Shape<Share> SHAPE = Shape.derived("score", Share.class);
    }

    static final Shape<ScoresOfChunk> SHAPE = Shape.derived("scores", ScoresOfChunk.class);
    static final Form<List<Score>> FORM =
        Forms.of(Forms.list(Forms.row(SHAPE)), ScoresOfChunk::all, ScoresOfChunk::grouped);

    static List<ScoresOfChunk> grouped(List<Score> scores) {
      List<ScoresOfChunk> groups = new ArrayList<>();
      for (Score score : scores) {
        if (groups.isEmpty() || !groups.get(groups.size() - 1).chunk.equals(score.chunk)) {
          groups.add(new ScoresOfChunk(score.chunk, new ArrayList<>()));
        }
        groups.get(groups.size() - 1).shares.add(new Share(score.worker, score.micros));
      }
      return groups;
    }

    static List<Score> all(List<ScoresOfChunk> groups) {
      List<Score> scores = new ArrayList<>();
      for (ScoresOfChunk group : groups) {
        group.shares.forEach(it -> scores.add(new Score(group.chunk, it.worker, it.micros)));
      }
      if (!grouped(scores).equals(groups)) {
        throw new IllegalArgumentException("the scores are not grouped as they are written");
      }
      return scores;
    }
  }

  /** A move of a chunk from one worker to another that the rebalancer requests. */
  public record Intent(ChunkKey chunk, WorkerId from, WorkerId to) {
    /** The fields of an intent. */
    static final Shape<Intent> SHAPE = Shape.derived("intent", Intent.class);
  }
}
