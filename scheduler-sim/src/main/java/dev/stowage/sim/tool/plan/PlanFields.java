package dev.stowage.sim.tool.plan;

import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The columns of a plan's files, and the reading of their fields. */
final class PlanFields {
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
  static final String ONCE_POSSESSED = "once_possessed";
  static final String ADMITTED = "admitted";
  static final String REPLACES = "replaces";
  static final String FLOOR = "floor";
  static final String RAISING = "raising";
  static final String WORKER = "worker_id";
  static final String ZONE = "zone";
  static final String VERSION = "version";
  static final String STATUS = "status";
  static final String REPLACED_BY = "replaced_by";
  static final String STATE = "state";
  static final String POSSESSED = "possessed";
  static final String ROUTED = "routed";
  static final String DRAINED = "drained";
  static final String READABLE = "readable";
  static final String GIVEN_UP = "given_up";

  static final String NAME = "1 to 512 characters without control characters";
  static final String PATH = NAME + ", no part of a path empty or blank";
  static final String NO_BLANK = "none of them empty or blank";
  private static final String LABEL_LIST = "labels separated by ';', " + NO_BLANK;
  private static final String VERSION_FORM = "major.minor.patch, such as 1.2.0";

  /** The option of each file of a plan. */
  static final String WORKERS_FILE = "--workers";

  static final String CHUNKS_FILE = "--chunks";
  static final String HELD_FILE = "--held";

  /** The required columns of each file, by its option. */
  static final SortedMap<String, List<String>> FILES = files();

  private static final SortedMap<String, List<String>> OPTIONAL = optional();

  private PlanFields() {}

  private static SortedMap<String, List<String>> files() {
    SortedMap<String, List<String>> files = new TreeMap<>();
    files.put(WORKERS_FILE, List.of(WORKER, "capacity_bytes"));
    files.put(CHUNKS_FILE, List.of(DATASET, CHUNK, FIRST, LAST, SIZE));
    files.put(HELD_FILE, List.of(DATASET, CHUNK, WORKER));
    return Collections.unmodifiableSortedMap(files);
  }

  private static SortedMap<String, List<String>> optional() {
    SortedMap<String, List<String>> optional = new TreeMap<>();
    List<String> ofWorkers = new ArrayList<>();
    for (Field<Worker.Description, ?> field : Shape.of(Worker.Description.class).fields()) {
      if (!field.name().equals("capacity_bytes")) {
        ofWorkers.add(field.name());
      }
    }
    ofWorkers.add(STATUS);
    ofWorkers.add(REPLACED_BY);
    optional.put(WORKERS_FILE, ofWorkers);
    optional.put(
        CHUNKS_FILE,
        List.of(
            WEIGHT,
            MIN_VERSION,
            LABELS,
            VISIBLE,
            MARKED,
            ESTABLISHED,
            ONCE_POSSESSED,
            ADMITTED,
            REPLACES,
            FLOOR,
            RAISING));
    optional.put(HELD_FILE, List.of(STATE, POSSESSED, ROUTED, DRAINED, READABLE, GIVEN_UP));
    return optional;
  }

  /** Returns the columns of a file, named by its option, for its reader. */
  static CsvColumns columns(String file) {
    return CsvColumns.of(file, FILES).withOptional(optional(file).toArray(String[]::new));
  }

  /** Returns all columns of a file, the required ones first. */
  static List<String> all(String file) {
    List<String> all = new ArrayList<>(Objects.requireNonNull(FILES.get(file), file));
    all.addAll(optional(file));
    return all;
  }

  static List<String> optional(String file) {
    return Objects.requireNonNull(OPTIONAL.get(file), file);
  }

  static String accepted(Field<Worker.Description, ?> field) {
    if (field.name().equals("zone")) {
      return PATH;
    }
    return field.name().equals("labels") ? LABEL_LIST : VERSION_FORM;
  }

  /** Returns a worker's field; throws {@link IllegalArgumentException} if it is no name. */
  static String checked(Field<Worker.Description, ?> field, String text) {
    if (field.name().equals("zone")) {
      if (!Worker.isPath(text)
          || Arrays.stream(text.split("/", -1)).anyMatch(PlanFields::isBlank)) {
        throw new IllegalArgumentException(text);
      }
      return WorkerId.of(text).value();
    }
    if (field.name().equals("labels")) {
      labelsOf(text);
    }
    return text;
  }

  /** Returns a version; 0.0.0 if the field is blank, empty if it cannot be read. */
  static Optional<WorkerVersion> version(CsvRow row, String column) {
    return row.has(column)
        ? row.value(column, VERSION_FORM, WorkerVersion::parse)
        : Optional.of(WorkerVersion.ZERO);
  }

  /** Returns labels separated by semicolons; none if the field is blank. */
  static Optional<Labels> labels(CsvRow row) {
    return row.has(LABELS)
        ? row.value(LABELS, LABEL_LIST, PlanFields::labelsOf)
        : Optional.of(Labels.NONE);
  }

  /** Returns labels split at semicolons; throws {@link IllegalArgumentException} for others. */
  static Labels labelsOf(String text) {
    return Labels.copyOf(parts(text).stream().map(PlanFields::label).toList());
  }

  /** Returns one label; throws {@link IllegalArgumentException} if {@code text} is none. */
  static String label(String text) {
    if (isBlank(text)) {
      throw new IllegalArgumentException(text);
    }
    return Labels.of(text).sorted().get(0);
  }

  /** Reports whether a text is empty or consists of blanks of any kind. */
  static boolean isBlank(String text) {
    return text.codePoints()
        .allMatch(each -> Character.isWhitespace(each) || Character.isSpaceChar(each));
  }

  static List<String> parts(String text) {
    return List.of(text.split(";", -1));
  }

  /** Returns true or false; {@code otherwise} if the field is blank. */
  static Optional<Truth> truth(CsvRow row, String column, Truth otherwise) {
    return word(row, column, otherwise, "true or false", Truth.TRUE, Truth.FALSE);
  }

  /** Returns a constant written in lower case; {@code otherwise} if the field is blank. */
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

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  enum Truth {
    TRUE,
    FALSE,
    UNSAID;

    boolean or(boolean otherwise) {
      return this == UNSAID ? otherwise : this == TRUE;
    }
  }
}
