package dev.stowage.sim.tool.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.tool.csv.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueReaderTest {
  private static final String HEADER = "dataset,chunk_id,first_block,last_block,size_bytes";
  private static final String CORRECTIONS =
      "dataset,old_chunk_id,new_chunk_id,first_block,last_block,size_bytes\n";

  @TempDir Path folder;

  @Test
  void debian12_asShipped_hasEveryPackageAndUpdate() throws BadInputException {
    ChunkCatalogue catalogue = CatalogueReader.debian12(Optional.empty());
    assertThat(catalogue.chunks()).hasSize(63_436);
    assertThat(catalogue.corrections()).hasSize(1_028);
    assertThat(catalogue.chunks().stream().mapToLong(Chunk::sizeBytes).sum())
        .isBetween(95_080_000_000L, 95_090_000_000L);
    Set<Integer> weights = new HashSet<>();
    catalogue.chunks().forEach(chunk -> weights.add(chunk.weight().orElseThrow()));
    assertThat(weights).containsExactlyInAnyOrder(24, 12, 6, 2, 1);
    Set<ChunkKey> replaced = new HashSet<>();
    catalogue.corrections().forEach(each -> replaced.add(each.replaced()));
    assertThat(
            catalogue.corrections().stream()
                .filter(each -> replaced.contains(each.replacement().key()))
                .count())
        .as("links in the middle of a chain")
        .isEqualTo(12);
  }

  @Test
  void weight_writtenOrByPriorityOrNeither_isTakenInThatOrder() throws Exception {
    List<Chunk> chunks =
        chunks(
            HEADER + ",weight,priority",
            "d,a,0,9,1,5,required",
            "d,b,10,19,1,,required",
            "d,c,20,29,1,,");
    assertThat(chunks).extracting(chunk -> chunk.weight().orElseThrow()).containsExactly(5, 24, 1);
  }

  @Test
  void priority_unknownWord_isRefused() {
    assertThat(problems(HEADER + ",priority", "d,a,0,9,1,urgent"))
        .containsExactly(
            "chunks.csv:2: priority: expected required, important, standard, optional or extra,"
                + " found 'urgent'");
  }

  @Test
  void key_twice_namesBothLines() {
    assertThat(problems(HEADER, "d,a,0,9,1", "e,a,0,9,1", "d,a,10,19,1"))
        .containsExactly(
            "chunks.csv:4: chunk_id: expected a key that occurs once, found 'd/a', which line 2 of"
                + " chunks.csv has");
  }

  @Test
  void ranges_thatOverlapWithinADataset_areRefusedAtTheLaterLine() {
    assertThat(problems(HEADER, "d,b,5,14,1", "e,x,0,99,1", "d,a,0,5,1", "d,c,15,20,1"))
        .containsExactly(
            "chunks.csv:4: first_block: expected blocks that no other chunk of the dataset has,"
                + " found 0-5, which overlaps 5-14 of 'b' in line 2");
  }

  @Test
  void ranges_insideALargeOne_areEachRefused() {
    assertThat(problems(HEADER, "d,a,0,100,1", "d,b,1,2,1", "d,c,50,60,1", "d,d,101,102,1"))
        .hasSize(2);
  }

  @Test
  void ranges_thatTouch_areFine() throws Exception {
    assertThat(chunks(HEADER, "d,a,0,9,1", "d,b,10,9223372036854775807,1")).hasSize(2);
  }

  @Test
  void lastBlock_belowTheFirst_isRefused() {
    assertThat(problems(HEADER, "d,a,10,9,1"))
        .containsExactly(
            "chunks.csv:2: last_block: expected at least the first block, 10, found 9");
  }

  @Test
  void sizes_thatAddUpToMoreThanCanBeCounted_areRefused() {
    assertThat(problems(HEADER, "d,a,0,9,9223372036854775807", "d,b,10,19,1"))
        .containsExactly(
            "chunks.csv:3: size_bytes: expected sizes that add up to at most 9223372036854775807,"
                + " found 9223372036854775807 so far and 1 here");
  }

  @Test
  void problems_ofOneFile_areReportedTogetherInOrderOfLines() {
    assertThat(problems(HEADER, "d,a,0,9,-1", ",b,10,19,1", "d,c,x,y,1", "d,d,0,5,1"))
        .extracting(text -> text.substring(0, text.indexOf(": expected")))
        .containsExactly(
            "chunks.csv:2: size_bytes",
            "chunks.csv:3: dataset",
            "chunks.csv:4: first_block",
            "chunks.csv:4: last_block",
            "chunks.csv:5: first_block");
  }

  @Test
  void corrections_inAChain_referToLinesAbove() throws Exception {
    ChunkCatalogue catalogue = corrected("d,a,a2,0,9,7\nd,a2,a3,0,9,8\n");
    assertThat(catalogue.corrections()).hasSize(2);
    assertThat(catalogue.corrections().get(1).replacement().weight()).hasValue(4);
  }

  @Test
  void corrections_thatDoNotFit_areRefusedWithTheReason() {
    BadInputException refused =
        catchThrowableOfType(
            BadInputException.class,
            () ->
                corrected(
                    "d,x,x2,0,9,7\n" // no such chunk
                        + "d,a,b,0,9,7\n" // the new key exists
                        + "d,a,a2,0,9,7\n" // replaced above
                        + "d,b,b2,10,18,7\n")); // other blocks
    assertThat(refused.problems())
        .extracting(problem -> problem.line() + " " + problem.field())
        .containsExactly("2 old_chunk_id", "3 new_chunk_id", "4 old_chunk_id", "5 first_block");
  }

  @Test
  void debian12_withCorrectionsOfAnotherCatalogue_isRefused() throws IOException {
    Path file = write("c.csv", CORRECTIONS + "d,a,a2,0,9,7\n");
    assertThat(
            catchThrowableOfType(
                BadInputException.class, () -> CatalogueReader.debian12(Optional.of(file))))
        .isNotNull();
  }

  private ChunkCatalogue corrected(String rows) throws IOException, BadInputException {
    Path chunks = write("chunks.csv", HEADER + ",weight\nd,a,0,9,1,4\nd,b,10,19,1,4\n");
    return CatalogueReader.read(chunks, Optional.of(write("c.csv", CORRECTIONS + rows)));
  }

  private List<Chunk> chunks(String... lines) throws IOException, BadInputException {
    Path file = write("chunks.csv", String.join("\n", lines) + "\n");
    return CatalogueReader.read(file, Optional.empty()).chunks();
  }

  private List<String> problems(String... lines) {
    BadInputException refused = catchThrowableOfType(BadInputException.class, () -> chunks(lines));
    return refused.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
