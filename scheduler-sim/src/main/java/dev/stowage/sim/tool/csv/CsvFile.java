package dev.stowage.sim.tool.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.stowage.sim.kit.scenario.words.Nearest;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A CSV file with a header line (RFC 4180): UTF-8 with or without a byte-order mark, LF or CRLF,
 * plain or gzip (known by its first two bytes; a name that ends in {@code .gz} demands it).
 *
 * <p>Streams: a file of any size is read in constant memory.
 */
public final class CsvFile {
  private static final int BUFFER = 1 << 16;

  /** Lists what may separate the columns of a file that is no CSV. */
  private static final String SEPARATORS = ";\t|";

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final ByteSource source;

  private CsvFile(String name, ByteSource source) {
    this.name = name;
    this.source = source;
  }

  /** Returns the file at {@code path}, named in problems as the user wrote it. */
  public static CsvFile at(Path path) {
    return new CsvFile(path.toString(), () -> openFile(path));
  }

  /** Bytes from elsewhere, named {@code name} in problems. */
  public static CsvFile of(String name, ByteSource source) {
    return new CsvFile(Objects.requireNonNull(name, "name"), source);
  }

  /** Returns the name of the file in problems. */
  public String name() {
    return name;
  }

  /**
   * Hands each record to {@code rows}, in order. What is wrong goes to {@code problems}; a record
   * with another number of fields than the header is left out, and what cannot be decoded or
   * decompressed ends the reading.
   */
  public void read(CsvColumns columns, ProblemList problems, Consumer<CsvRow> rows) {
    try (InputStream bytes = decompressed();
        QuoteWatch watch = new QuoteWatch(characters(bytes))) {
      read(watch, columns, problems, rows);
    } catch (UncheckedIOException failed) {
      problems.add(unreadable(Objects.requireNonNull(failed.getCause())));
    } catch (IOException failed) {
      problems.add(unreadable(failed));
    }
  }

  private void read(
      QuoteWatch watch, CsvColumns columns, ProblemList problems, Consumer<CsvRow> rows)
      throws IOException {
    CsvReader<CsvRecord> records = parser(watch); // the file is read on behind what is malformed
    try {
      Iterator<CsvRecord> each = records.iterator();
      if (!each.hasNext()) {
        problems.add(InputProblem.ofFile(name, "a header line", "an empty file"));
        return;
      }
      CsvRecord header = each.next();
      if (watch.neverClosed() > 0) {
        problems.add(neverClosed(watch));
        return;
      }
      Optional<InputProblem> otherwise = otherFile(header, columns);
      if (otherwise.isPresent()) {
        problems.add(otherwise.get());
        return;
      }
      Map<String, Integer> places = places(header, columns, problems);
      CsvRow row = new CsvRow(name, problems, places);
      while (each.hasNext()) {
        CsvRecord one = each.next();
        if (watch.neverClosed() > 0 && watch.neverClosed() >= one.getStartingLineNumber()) {
          problems.add(neverClosed(watch));
        } else if (one.getFieldCount() == header.getFieldCount()) {
          rows.accept(row.moveTo(one.getStartingLineNumber(), one.getFields()));
        } else {
          String expected = header.getFieldCount() + " fields, as in the header";
          problems.add(
              new InputProblem(
                  name, one.getStartingLineNumber(), "", expected, "" + one.getFieldCount()));
        }
      }
    } catch (CsvParseException malformed) {
      problems.add(malformed(watch, malformed));
    }
  }

  private InputProblem malformed(QuoteWatch watch, CsvParseException malformed) throws IOException {
    if (watch.stray() > 0) {
      String expected = "a comma or the end of the line behind a closing quote";
      return new InputProblem(name, watch.stray(), "", expected, "other text");
    }
    watch.drain();
    return watch.neverClosed() > 0
        ? neverClosed(watch)
        : InputProblem.ofFile(
            name,
            "well-formed CSV",
            said(malformed.getCause() instanceof CsvParseException cause ? cause : malformed));
  }

  private InputProblem neverClosed(QuoteWatch watch) {
    String found = "a quote opened in line " + watch.neverClosed() + " that is never closed";
    return new InputProblem(name, watch.neverClosed(), "", "well-formed CSV", found);
  }

  private static CsvReader<CsvRecord> parser(Reader characters) {
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .skipEmptyLines(true)
        .allowExtraCharsAfterClosingQuote(false)
        .ofCsvRecord(characters);
  }

  /** Returns the problem of a header that is none of CSV, or that of another file. */
  private Optional<InputProblem> otherFile(CsvRecord header, CsvColumns columns) {
    List<String> names = header.getFields();
    long line = header.getStartingLineNumber();
    if (names.size() == 1) {
      for (int at = 0; at < SEPARATORS.length(); at++) {
        char each = SEPARATORS.charAt(at);
        if (names.get(0).indexOf(each) >= 0) {
          String found = each == '\t' ? "tabs" : "'" + each + "'";
          return Optional.of(new InputProblem(name, line, "", "a comma between columns", found));
        }
      }
    }
    Optional<String> other =
        names.containsAll(columns.required()) ? Optional.empty() : columns.otherFile(names);
    return other.map(file ->
        new InputProblem(
            name,
            line,
            "",
            "the columns " + String.join(", ", columns.required()),
            "those of another file: this looks like the file for " + file));
  }

  private Map<String, Integer> places(CsvRecord header, CsvColumns columns, ProblemList problems) {
    long line = header.getStartingLineNumber();
    Map<String, Integer> places = new HashMap<>();
    List<String> names = header.getFields();
    for (int i = 0; i < names.size(); i++) {
      if (columns.knows(names.get(i)) && places.putIfAbsent(names.get(i), i) != null) {
        problems.add(new InputProblem(name, line, names.get(i), "the column once", "it twice"));
      }
    }
    List<String> unknown = names.stream().filter(each -> !columns.knows(each)).toList();
    for (String required : columns.required()) {
      if (!places.containsKey(required)) {
        String found = "only " + InputProblem.quoted(String.join(",", names));
        String near = Nearest.of(required, unknown).map(it -> "; is it '" + it + "'?").orElse("");
        problems.add(
            new InputProblem(name, line, required, "this column in the header", found + near));
      }
    }
    return places;
  }

  private InputProblem unreadable(IOException failed) {
    if (failed instanceof CharacterCodingException) {
      return new InputProblem(
          name, firstMalformedLine(), "", "text in UTF-8", "bytes that are not UTF-8");
    }
    if (failed instanceof EOFException) {
      return InputProblem.ofFile(name, "complete gzip data", "data that is cut off");
    }
    if (failed instanceof ZipException) {
      return InputProblem.ofFile(name, "gzip data", "something else (" + said(failed) + ")");
    }
    if (failed instanceof NoSuchFileException) {
      return InputProblem.ofFile(name, "a file", "nothing of that name");
    }
    if (failed instanceof AccessDeniedException) {
      return InputProblem.ofFile(name, "a readable file", "one that may not be read");
    }
    return InputProblem.ofFile(name, "a readable file", said(failed));
  }

  /**
   * Returns the line of the first malformed byte. Decoding reads ahead of the records, so that only
   * a second pass can tell the line.
   */
  private long firstMalformedLine() {
    try (InputStream bytes = decompressed()) {
      return Utf8Lines.firstMalformed(bytes);
    } catch (IOException unreadableNow) {
      return 0;
    }
  }

  private InputStream decompressed() throws IOException {
    InputStream bytes = new BufferedInputStream(source.open(), BUFFER);
    try {
      bytes.mark(2);
      boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      if (!gzip && name.endsWith(".gz")) {
        throw new ZipException("it does not begin with the header of gzip");
      }
      return gzip ? new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER) : bytes;
    } catch (IOException failed) {
      bytes.close();
      throw failed;
    }
  }

  private static Reader characters(InputStream bytes) throws IOException {
    Reader characters =
        new BufferedReader(
            new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            BUFFER);
    characters.mark(1);
    if (characters.read() != BYTE_ORDER_MARK) {
      characters.reset();
    }
    return characters;
  }

  private static InputStream openFile(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException("a directory");
    }
    return Files.newInputStream(path);
  }

  private static String said(Exception failed) {
    String message = failed.getMessage();
    return message == null ? failed.getClass().getSimpleName() : message;
  }
}
