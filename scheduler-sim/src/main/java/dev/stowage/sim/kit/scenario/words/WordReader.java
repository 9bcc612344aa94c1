package dev.stowage.sim.kit.scenario.words;

import dev.stowage.command.ProposedChunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The words of one line, taken one after the other, and the lines below it. Not thread-safe. */
public final class WordReader {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern COMMA = Pattern.compile(" ?, ?");

  private final List<String> words;
  private int next;
  private List<String> below;

  private WordReader(List<String> words, List<String> below) {
    this.words = words;
    this.below = below;
  }

  /** Splits the first line, without its comment; lists may have blanks after their commas. */
  public static WordReader of(String lines) {
    List<String> all = List.of(lines.split("\n", -1));
    String single = BLANKS.matcher(all.get(0)).replaceAll(" ");
    String text = COMMA.matcher(single).replaceAll(",").strip();
    return new WordReader(
        text.isEmpty() ? List.of() : List.of(text.split(" ")), all.subList(1, all.size()));
  }

  /** Splits a line in which {@code ;} and {@code ->} are words whatever is around them. */
  public static WordReader ofSwap(String line) {
    return of(line.replace(";", " ; ").replace("->", " -> "));
  }

  public boolean hasNext() {
    return next < words.size();
  }

  public String peek() {
    return hasNext() ? words.get(next) : "";
  }

  public String take(String expected) throws UnreadableWord {
    if (!hasNext()) {
      throw UnreadableWord.end(expected);
    }
    return words.get(next++);
  }

  String takeBalanced(String expected) throws UnreadableWord {
    String word = take(expected);
    long open = openBrackets(word);
    StringBuilder all = new StringBuilder(word);
    while (open > 0 && hasNext()) {
      String further = take(expected);
      open += openBrackets(further);
      all.append(' ').append(further);
    }
    return all.toString();
  }

  private static long openBrackets(String text) {
    return text.chars().filter(each -> each == '{' || each == '[').count()
        - text.chars().filter(each -> each == '}' || each == ']').count();
  }

  /** Takes the next word if it is this one. */
  public boolean skip(String word) {
    boolean isNext = peek().equals(word);
    next += isNext ? 1 : 0;
    return isNext;
  }

  /** Takes one of these words. */
  public String oneOf(List<String> allowed) throws UnreadableWord {
    String expected = "one of " + String.join(", ", allowed);
    String word = take(expected);
    if (!allowed.contains(word)) {
      throw UnreadableWord.unknown(word, allowed, expected);
    }
    return word;
  }

  /** Takes one of two words, each of which stands for something. */
  public <T> T either(String one, T ofOne, String other, T ofOther) throws UnreadableWord {
    String expected = one + " or " + other;
    String word = take(expected);
    UnreadableWord.unless(word.equals(one) || word.equals(other), word, expected);
    return word.equals(one) ? ofOne : ofOther;
  }

  /** Takes the name of a constant, in small letters. */
  public <E extends Enum<E>> E constant(String expected, Class<E> of) throws UnreadableWord {
    String word = take(expected);
    for (E each : of.getEnumConstants()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw UnreadableWord.found(word, expected);
  }

  public void end() throws UnreadableWord {
    UnreadableWord.unless(!hasNext(), peek(), "the end of the line");
    UnreadableWord.unless(below.isEmpty(), String.join(" ", below), "a step of one line");
  }

  /** Takes the lines below this one, which must be {@code count}. */
  public List<String> linesBelow(long count) throws UnreadableWord {
    List<String> lines = below;
    UnreadableWord.unless(
        lines.size() == count, lines.size() + " lines", count + " lines of a group below");
    below = List.of();
    return lines;
  }

  public String literal(String word) throws UnreadableWord {
    String found = take("'" + word + "'");
    UnreadableWord.unless(found.equals(word), found, "'" + word + "'");
    return found;
  }

  public String name(String what) throws UnreadableWord {
    return name(take(what), what);
  }

  private static String name(String word, String what) throws UnreadableWord {
    UnreadableWord.unless(!word.contains("=") && !word.contains(","), word, what);
    return word;
  }

  public WorkerId worker() throws UnreadableWord {
    String expected = "the name of a worker";
    return checked(name(expected), expected, WorkerId::of);
  }

  public DatasetId dataset() throws UnreadableWord {
    String expected = "the name of a dataset";
    return checked(name(expected), expected, DatasetId::of);
  }

  public ChunkKey chunk() throws UnreadableWord {
    return chunk(take(CHUNK));
  }

  private static final String CHUNK = "a chunk as DATASET/CHUNK";

  private static ChunkKey chunk(String word) throws UnreadableWord {
    int slash = name(word, CHUNK).indexOf('/');
    UnreadableWord.unless(slash > 0 && slash < word.length() - 1, word, CHUNK);
    return checked(
        word, CHUNK, text -> ChunkKey.of(text.substring(0, slash), text.substring(slash + 1)));
  }

  public List<ChunkKey> chunks() throws UnreadableWord {
    List<ChunkKey> keys = new ArrayList<>();
    for (String each : list("chunks as DATASET/CHUNK,...")) {
      keys.add(chunk(each));
    }
    return keys;
  }

  /** Returns a chunk of a swap: of its dataset, or of another one as {@code E/C}. */
  public static ChunkKey chunkOf(DatasetId dataset, String word) throws UnreadableWord {
    String expected = "the id of a chunk";
    if (word.contains("/")) {
      return chunk(word);
    }
    return checked(name(word, expected), expected, id -> new ChunkKey(dataset, id));
  }

  public List<WorkerId> workers() throws UnreadableWord {
    String expected = "workers as W,...";
    List<WorkerId> ids = new ArrayList<>();
    for (String each : list(expected)) {
      ids.add(checked(name(each, expected), expected, WorkerId::of));
    }
    return ids;
  }

  /** Workers, or {@code none}. */
  public List<WorkerId> workersOrNone() throws UnreadableWord {
    return skip("none") ? List.of() : workers();
  }

  public List<String> list(String expected) throws UnreadableWord {
    String word = take(expected);
    List<String> items = List.of(word.split(",", -1));
    UnreadableWord.unless(!items.contains(""), word, expected);
    return items;
  }

  /** Labels, or {@code none}. */
  public static Labels labels(String word) throws UnreadableWord {
    String expected = "labels as a,b";
    if (word.equals("none")) {
      return Labels.NONE;
    }
    return checked(word, expected, text -> Labels.copyOf(List.of(text.split(",", -1))));
  }

  public static WorkerVersion version(String word) throws UnreadableWord {
    return checked(word, "a version as major.minor.patch, such as 1.2.0", WorkerVersion::parse);
  }

  public static long number(String word, long least, String what) throws UnreadableWord {
    String expected = what + ", a whole number, at least " + least;
    long value = checked(word, expected, WordReader::digits);
    UnreadableWord.unless(value >= least, word, expected);
    return value;
  }

  private static long digits(String word) {
    if (!word.matches("[0-9]+")) {
      throw new IllegalArgumentException(word);
    }
    return Long.parseLong(word);
  }

  /** Takes blocks as {@code A-B}; the fleet judges whether A is above B. */
  long[] blocks() throws UnreadableWord {
    String expected = "blocks as FIRST-LAST, such as 0-99";
    String word = take(expected);
    return checked(
        word,
        expected,
        text -> {
          int dash = text.indexOf('-');
          return new long[] {
            digits(text.substring(0, Math.max(0, dash))), digits(text.substring(dash + 1))
          };
        });
  }

  /** Takes the rest of a chunk: its blocks and its options, up to a {@code ;} or the end. */
  public ProposedChunk proposal(ChunkKey key) throws UnreadableWord {
    long[] blocks = blocks();
    Options options = new Options(this, List.of("size", "weight", "min_version", "labels"));
    long size = Sizes.read(options.required("size", Sizes.EXPECTED));
    String weight = options.orElse("weight", "");
    String version = options.orElse("min_version", "0.0.0");
    String labels = options.orElse("labels", "none");
    return new ProposedChunk(
        key,
        blocks[0],
        blocks[1],
        size,
        weight.isEmpty() ? OptionalInt.empty() : OptionalInt.of(weight(weight)),
        new Eligibility(version(version), labels(labels)));
  }

  private static int weight(String word) throws UnreadableWord {
    long weight = number(word, 0, "a weight");
    UnreadableWord.unless(weight <= Integer.MAX_VALUE, word, "a weight up to " + Integer.MAX_VALUE);
    return (int) weight;
  }

  static <T> T checked(String word, String expected, Function<String, T> read)
      throws UnreadableWord {
    try {
      return read.apply(word);
    } catch (IllegalArgumentException unreadable) {
      throw UnreadableWord.found(word, expected);
    }
  }
}
