package dev.stowage.sim.tool.plan;

import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerVersion;
import dev.stowage.shape.Field;
import dev.stowage.sim.tool.csv.CsvRow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The columns of a plan's files, and how their fields are read. */
final class Fields {
  static final String DATASET = "dataset";
  static final String CHUNK = "chunk_id";
  static final String FIRST = "first_block";
  static final String LAST = "last_block";
  static final String SIZE = "size_bytes";
  static final String WEIGHT = "weight";
  static final String MIN_VERSION = "min_version";
  static final String LABELS = "labels";
  static final String VISIBLE = "visible";
  static final String MARKED = "marked";
  static final String ESTABLISHED = "established";
  static final String ADMITTED = "admitted";
  static final String REPLACES = "replaces";
  static final String WORKER = "worker_id";
  static final String ZONE = "zone";
  static final String VERSION = "version";
  static final String STATUS = "status";
  static final String STATE = "state";
  static final String POSSESSED = "possessed";
  static final String ROUTED = "routed";
  static final String DRAINED = "drained";

  static final String NAME = "1 to 512 characters without control characters";
  static final String PATH = NAME + ", no part of a path empty or blank";
  static final String NO_BLANK = "none of them empty or blank";
  private static final String LABEL_LIST = "labels separated by ';', " + NO_BLANK;
  private static final String VERSION_FORM = "major.minor.patch, such as 1.2.0";

  private Fields() {}

  /** Returns what is read in a column of a worker that holds no number. */
  static String accepted(Field<Worker.Description, ?> field) {
    if (field == Worker.Description.ZONE) {
      return PATH;
    }
    return field == Worker.Description.LABELS ? LABEL_LIST : VERSION_FORM;
  }

  /** Returns the text of a field of a worker, or refuses one that is no name. */
  static String checked(Field<Worker.Description, ?> field, String text) {
    if (field == Worker.Description.ZONE) {
      if (!Worker.isPath(text) || Arrays.stream(text.split("/", -1)).anyMatch(Fields::isBlank)) {
        throw new IllegalArgumentException(text);
      }
      return WorkerId.of(text).value();
    }
    if (field == Worker.Description.LABELS) {
      labelsOf(text);
    }
    return text;
  }

  /** A version; 0.0.0 where nothing is written, empty where it cannot be read. */
  static Optional<WorkerVersion> version(CsvRow row, String column) {
    return row.has(column)
        ? row.value(column, VERSION_FORM, WorkerVersion::parse)
        : Optional.of(WorkerVersion.ZERO);
  }

  /** Labels separated by semicolons; none where nothing is written. */
  static Optional<Labels> labels(CsvRow row) {
    return row.has(LABELS)
        ? row.value(LABELS, LABEL_LIST, Fields::labelsOf)
        : Optional.of(Labels.NONE);
  }

  /** The labels that semicolons separate; throws {@link IllegalArgumentException} for others. */
  static Labels labelsOf(String text) {
    return Labels.copyOf(parts(text).stream().map(Fields::label).toList());
  }

  /** One label; throws {@link IllegalArgumentException} for what is none. */
  static String label(String text) {
    if (isBlank(text)) {
      throw new IllegalArgumentException(text);
    }
    return Labels.of(text).sorted().get(0);
  }

  /** Whether nobody can see a name in it: nothing, or blanks of any kind alone. */
  static boolean isBlank(String text) {
    return text.codePoints()
        .allMatch(each -> Character.isWhitespace(each) || Character.isSpaceChar(each));
  }

  /** What semicolons separate. */
  static List<String> parts(String text) {
    return List.of(text.split(";", -1));
  }

  /** True or false; {@code otherwise} where nothing is written. */
  static Optional<Truth> truth(CsvRow row, String column, Truth otherwise) {
    return word(row, column, otherwise, "true or false", Truth.TRUE, Truth.FALSE);
  }

  /** A constant written in lower case; {@code otherwise} where nothing is written. */
  static <E extends Enum<E>> Optional<E> word(
      CsvRow row, String column, E otherwise, String expected) {
    return word(row, column, otherwise, expected, otherwise.getDeclaringClass().getEnumConstants());
  }

  @SafeVarargs
  private static <E extends Enum<E>> Optional<E> word(
      CsvRow row, String column, E otherwise, String expected, E... accepted) {
    if (!row.has(column)) {
      return Optional.of(otherwise);
    }
    return row.value(
        column,
        expected,
        text -> {
          for (E each : accepted) {
            if (lower(each).equals(text)) {
              return each;
            }
          }
          throw new IllegalArgumentException(text);
        });
  }

  /** A constant as the files write it. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** What a column of truths can say. */
  enum Truth {
    TRUE,
    FALSE,
    UNSAID;

    boolean or(boolean otherwise) {
      return this == UNSAID ? otherwise : this == TRUE;
    }
  }
}
