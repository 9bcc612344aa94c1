package dev.stowage.sim.tool.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
  private static final CsvColumns COLUMNS = CsvColumns.required("name", "size").withOptional("tag");

  private final ProblemList problems = new ProblemList();
  private final List<String> rows = new ArrayList<>();

  @Test
  void reading_columnsInAnyOrderAndExtraOnes_findsThemByName() {
    read("tag,ignored,size,name\nt,x,5,a\n");
    assertThat(rows).containsExactly("2:a:5:t");
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void reading_carriageReturnsAndByteOrderMark_readsTheSame() {
    read("\uFEFFname,size\r\na,1\r\n\r\nb,2\r\n");
    assertThat(rows).containsExactly("2:a:1:", "4:b:2:");
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void reading_quotedFieldWithCommaAndLineFeed_countsLinesOn() {
    read("name,size\n\"a,\n\"\"b\"\"\",1\nc,2\n");
    assertThat(rows).containsExactly("2:a,\n\"b\":1:", "4:c:2:");
  }

  @Test
  void reading_noLineFeedAtTheEnd_keepsTheLastRow() {
    read("name,size\na,1");
    assertThat(rows).containsExactly("2:a:1:");
  }

  @Test
  void reading_missingColumn_namesItAndStillChecksTheOthers() {
    read("name,tag\n,t\n");
    assertThat(texts())
        .containsExactly(
            "in.csv:1: size: expected this column in the header, found only 'name,tag'",
            "in.csv:2: name: expected a value, found an empty field");
  }

  @Test
  void reading_columnTwice_isRefused() {
    read("name,size,size\na,1,2\n");
    assertThat(texts()).containsExactly("in.csv:1: size: expected the column once, found it twice");
  }

  @Test
  void reading_headerOnly_isAnEmptyTable() {
    read("name,size\n");
    assertThat(rows).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void reading_nothingAtAll_asksForAHeader() {
    read("");
    assertThat(texts()).containsExactly("in.csv: expected a header line, found an empty file");
  }

  @Test
  void reading_numbersThatAreNone_areRefusedOneByOne() {
    read("name,size\na,-1\nb,NaN\nc,1e3\nd, 7\ne,+7\nf,9223372036854775808\ng,\nh,0x1\ni,٣\n");
    String range = "expected a whole number from 0 to 9223372036854775807, found ";
    assertThat(texts())
        .containsExactly(
            "in.csv:2: size: " + range + "'-1'",
            "in.csv:3: size: " + range + "'NaN'",
            "in.csv:4: size: " + range + "'1e3'",
            "in.csv:5: size: " + range + "' 7'",
            "in.csv:6: size: " + range + "'+7'",
            "in.csv:7: size: " + range + "'9223372036854775808'",
            "in.csv:8: size: expected a value, found an empty field",
            "in.csv:9: size: " + range + "'0x1'",
            "in.csv:10: size: " + range + "'٣'");
  }

  @Test
  void reading_largestAndPaddedNumbers_areAccepted() {
    read("name,size\na,9223372036854775807\nb,00000000000000000000000012\nc,0\n");
    assertThat(rows).containsExactly("2:a:9223372036854775807:", "3:b:12:", "4:c:0:");
  }

  @Test
  void reading_rowsOfAnotherWidth_areRefusedWithBothCounts() {
    read("name,size\na\nb,2,3\n");
    assertThat(texts())
        .containsExactly(
            "in.csv:2: expected 2 fields, as in the header, found 1",
            "in.csv:3: expected 2 fields, as in the header, found 3");
  }

  @Test
  void reading_elevenProblems_showsTenAndCountsAll() {
    read("name,size\n" + "a,x\n".repeat(11));
    assertThat(problems.found()).isEqualTo(11);
    assertThat(problems.shown()).hasSize(10);
    assertThat(new BadInputException(problems)).hasMessageEndingWith("... and 1 more");
  }

  @Test
  void reading_otherEncoding_namesTheLine() {
    byte[] latin = "name,size\na,1\nb\u00e9,2\n".getBytes(StandardCharsets.ISO_8859_1);
    readBytes("in.csv", latin);
    assertThat(texts())
        .containsExactly("in.csv:3: expected text in UTF-8, found bytes that are not UTF-8");
  }

  @Test
  void reading_otherEncodingFarBehindTheBuffer_namesTheLine() {
    byte[] long1 =
        ("name,size\n" + "a,1\n".repeat(50_000) + "\u00e9,2\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    readBytes("in.csv", long1);
    assertThat(problems.shown().get(0).line()).isEqualTo(50_002);
  }

  @Test
  void reading_utf16_isRefused() {
    readBytes("in.csv", "name,size\na,1\n".getBytes(StandardCharsets.UTF_16));
    assertThat(problems.shown().get(0).line()).isEqualTo(1);
  }

  @Test
  void reading_gzip_isKnownByItsFirstBytes() {
    readBytes("in.csv", zipped("name,size\na,1\n"));
    assertThat(rows).containsExactly("2:a:1:");
  }

  @Test
  void reading_cutOffGzip_saysSo() {
    byte[] whole = zipped("name,size\n" + "abc,123\n".repeat(1000));
    readBytes("in.csv.gz", Arrays.copyOf(whole, whole.length - 10));
    assertThat(texts())
        .containsExactly("in.csv.gz: expected complete gzip data, found data that is cut off");
  }

  @Test
  void reading_gzipNameOnPlainText_isRefused() {
    readBytes("in.csv.gz", "name,size\na,1\n".getBytes(StandardCharsets.UTF_8));
    assertThat(texts().get(0)).startsWith("in.csv.gz: expected gzip data, found something else");
  }

  @Test
  void reading_damagedGzip_isRefused() {
    byte[] whole = zipped("name,size\n" + "abc,123\n".repeat(1000));
    whole[15] ^= 0x55;
    whole[20] ^= 0x55;
    readBytes("in.csv.gz", whole);
    assertThat(problems.isEmpty()).isFalse();
  }

  @Test
  void reading_textBehindAClosingQuote_isRefusedWithItsLine() {
    read("name,size\na,1\n\"b\"x,2\n");
    assertThat(texts())
        .containsExactly(
            "in.csv:3: expected a comma or the end of the line behind a closing quote, found other"
                + " text");
  }

  /** Whatever follows would be one field: nothing of it is read, nor counted as too few fields. */
  @Test
  void reading_quoteThatNeverCloses_isRefusedByTheLineThatOpensIt() {
    for (String text :
        List.of(
            "name,size\na,1\n\"b,2\nc,3\n",
            "name,size\na,1\nb,\"2\nc,3\n",
            "size,name,other\r\n1,a,\r\n2,b,\"x\r\nc,3\r\n",
            "name,size\n\"a\nb\"\"\",\"\n1,2\n")) {
      rows.clear();
      ProblemList found = new ProblemList();
      read(text, found);
      assertThat(found.shown().stream().map(InputProblem::toString))
          .as(text)
          .containsExactly(
              "in.csv:3: expected well-formed CSV, found a quote opened in line 3 that is never"
                  + " closed");
      assertThat(rows).hasSizeLessThan(2).noneMatch(row -> row.contains("b"));
    }
  }

  @Test
  void reading_headerWithAQuoteThatNeverCloses_isRefused() {
    read("name,\"size\na,1\n");
    assertThat(texts())
        .containsExactly(
            "in.csv:1: expected well-formed CSV, found a quote opened in line 1 that is never"
                + " closed");
  }

  @Test
  void reading_quotesWithinAField_areNoQuotes() {
    read("name,size\na\"b,1\n\"\"\"\",2\n\"c\",3\nd\"\",4\n");
    assertThat(problems.isEmpty()).isTrue();
    assertThat(rows).containsExactly("2:a\"b:1:", "3:\":2:", "4:c:3:", "5:d\"\":4:");
  }

  @Test
  void problem_thatIsTheSameAsAnother_isToldOnce() {
    read("name,size,size,size\na,1,2,3\n");
    assertThat(texts()).containsExactly("in.csv:1: size: expected the column once, found it twice");
    assertThat(new BadInputException(problems)).hasMessage(texts().get(0));
    assertThat(problems.found()).isEqualTo(2);
  }

  @Test
  void reading_missingFile_saysSo(@TempDir Path folder) {
    Path absent = folder.resolve("absent.csv");
    CsvFile.at(absent).read(COLUMNS, problems, row -> {});
    assertThat(texts()).containsExactly(absent + ": expected a file, found nothing of that name");
  }

  @Test
  void reading_directory_saysSo(@TempDir Path folder) {
    CsvFile.at(folder).read(COLUMNS, problems, row -> {});
    assertThat(texts()).containsExactly(folder + ": expected a readable file, found a directory");
  }

  @Test
  void reading_fileOnDisk_readsIt(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "name,size\na,1\n");
    CsvFile.at(file).read(COLUMNS, problems, row -> rows.add(row.text("name").orElseThrow()));
    assertThat(rows).containsExactly("a");
  }

  private void read(String text) {
    readBytes("in.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private void read(String text, ProblemList found) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CsvFile.of("in.csv", () -> new ByteArrayInputStream(bytes)).read(COLUMNS, found, this::take);
  }

  private void readBytes(String name, byte[] bytes) {
    CsvFile.of(name, () -> new ByteArrayInputStream(bytes)).read(COLUMNS, problems, this::take);
  }

  private void take(CsvRow row) {
    String name = row.text("name").orElse("?");
    OptionalLong size = row.number("size", 0, Long.MAX_VALUE);
    String tag = row.has("tag") ? row.text("tag").orElse("?") : "";
    if (size.isPresent()) {
      rows.add(row.line() + ":" + name + ":" + size.getAsLong() + ":" + tag);
    }
  }

  private List<String> texts() {
    return problems.shown().stream().map(InputProblem::toString).toList();
  }

  private static byte[] zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException inMemory) {
      throw new AssertionError(inMemory);
    }
    return bytes.toByteArray();
  }
}
