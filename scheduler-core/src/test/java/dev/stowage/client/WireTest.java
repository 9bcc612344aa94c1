package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Transfers;
import dev.stowage.client.transfers.TransferWire;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.CommandSamples;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireTest {
  private static final String FLEET = "fleet \"1\"";
  private static final WorkerId WORKER = WorkerId.of("mirror-1");
  private static final Lineage LINEAGE = Lineage.of(0xf0000000000000a7L);

  private record Said<T>(Shape<T> shape, T row) {
    byte[] seal(DocumentFormat format) {
      return Envelope.seal(format, FLEET, shape, row);
    }

    T read(byte[] bytes) {
      return Envelope.open(bytes).read(shape);
    }
  }

  private static <C extends Command<?>> Said<C> said(CommandKind<C, ?> kind, Command<?> command) {
    return new Said<>(kind.shape(), kind.of(command));
  }

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(LINEAGE, counter);
  }

  private static SliceDocument slice() {
    SliceHeader header =
        new SliceHeader(
            LINEAGE,
            WorkerAssignmentId.of(7),
            Optional.of(WorkerAssignmentId.of(5)),
            WORKER,
            Incarnation.of(1),
            0,
            3,
            false);
    return new SliceDocument(
        header,
        List.of(number(9)),
        List.of(number(1)),
        List.of(new SliceEntry(ChunkKey.of("d", "c"), number(2), 100, 7)));
  }

  private static List<Said<?>> all() {
    List<Said<?>> all = new ArrayList<>(answersAndQuestions());
    for (Command<?> command : CommandSamples.small()) {
      if (Wire.command(CommandKind.kindOf(command).shape().name()).isPresent()) {
        all.add(said(CommandKind.kindOf(command), command));
      }
    }
    return all;
  }

  private static List<Said<?>> answersAndQuestions() {
    ReportHeader header = new ReportHeader(WORKER, Incarnation.of(2), LINEAGE, 4);
    PressureSnapshot pressure = new PressureSnapshot(0.25, 1.0, 0, 0.5, -3);
    return List.of(
        said(CommandKind.HEARTBEAT, new Command.Heartbeat(header, Optional.of(pressure))),
        new Said<>(
            Wire.AskSlice.SHAPE,
            new Wire.AskSlice(WORKER, LINEAGE, Optional.of(WorkerAssignmentId.of(3)), 7)),
        new Said<>(
            Wire.AskRoutes.SHAPE,
            new Wire.AskRoutes(
                PortalId.of("p"),
                LINEAGE,
                Optional.of(PortalAssignmentId.of(1)),
                List.of(DatasetId.of("d")),
                9,
                true)),
        new Said<>(
            TransferWire.AskTransfers.SHAPE,
            new TransferWire.AskTransfers(
                WORKER,
                3,
                List.of(1L << 62),
                List.of(
                    new TransferWire.Ended(
                        5, Transfers.Outcome.DAMAGED, Optional.of(WORKER), 9, 8, "a \\ \n é")))),
        new Said<>(
            Wire.Answered.SHAPE,
            new Wire.Answered(
                ResultCode.ACCEPTED,
                List.of("why"),
                Optional.of(new Wire.Registration(Incarnation.of(1), LINEAGE, 3, true)))),
        new Said<>(
            Wire.ToldSlice.SHAPE, new Wire.ToldSlice(Optional.of(slice()), 12, 500_000, true)),
        new Said<>(Wire.ToldSlice.SHAPE, new Wire.ToldSlice(Optional.empty(), 12, -1, false)),
        new Said<>(
            Wire.ToldRoutes.SHAPE,
            new Wire.ToldRoutes(
                5,
                9,
                new RoutesDocument(
                    LINEAGE, PortalAssignmentId.of(2), Optional.empty(), List.of(), List.of()),
                List.of(WORKER),
                Optional.of(PortalId.of("r")))),
        new Said<>(
            TransferWire.ToldTransfers.SHAPE,
            new TransferWire.ToldTransfers(
                List.of(new TransferWire.Job(1L << 62, number(4), List.of(WORKER), 17)))),
        new Said<>(
            Wire.Refused.SHAPE, new Wire.Refused(ClientDoor.Refusal.NOT_LEADING, "somebody else")));
  }

  @ParameterizedTest
  @EnumSource(DocumentFormat.class)
  void document_isReadAsItWasWritten(DocumentFormat format) {
    for (Said<?> each : all()) {
      byte[] bytes = each.seal(format);
      Envelope opened = Envelope.open(bytes);

      assertThat(opened.fleet()).isEqualTo(FLEET);
      assertThat(opened.name()).isEqualTo(each.shape().name());
      assertThat(opened.format()).isEqualTo(format);
      assertThat(opened.<Object>read(shape(each))).isEqualTo(each.row());
    }
  }

  @SuppressWarnings("unchecked")
  private static Shape<Object> shape(Said<?> said) {
    return (Shape<Object>) said.shape();
  }

  @ParameterizedTest
  @EnumSource(DocumentFormat.class)
  void document_withAnyBitChanged_isRefused(DocumentFormat format) {
    for (Said<?> each : all()) {
      byte[] bytes = each.seal(format);
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);

        assertThatThrownBy(() -> each.read(changed))
            .as("bit %s", bit)
            .isInstanceOf(DocumentException.class);
      }
    }
  }

  @Test
  void textInPlaceOfAnother_isNotRepeatedAtItsLength() {
    String lengthy = "x".repeat(200_000);
    int refused = 0;
    for (Said<?> each : all()) {
      String json = new String(each.seal(DocumentFormat.JSON), StandardCharsets.UTF_8);
      String open = json.replaceFirst(",\"crc\":\"[0-9a-f]*\"}$", "}");
      Matcher text = Pattern.compile("\"([^\"\\\\]|\\\\.)*\"").matcher(open);
      while (text.find()) {
        String other = open.substring(0, text.start()) + '"' + lengthy + '"';
        byte[] changed = (other + open.substring(text.end())).getBytes(StandardCharsets.UTF_8);
        try {
          each.read(changed);
        } catch (DocumentException | IllegalArgumentException echo) {
          refused++;
          assertThat(echo.getMessage()).hasSizeLessThan(100_000);
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(DocumentFormat.class)
  void document_withSomethingBehindIt_isRefused(DocumentFormat format) {
    for (Said<?> each : all()) {
      byte[] bytes = each.seal(format);
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      longer[bytes.length] = '}';

      assertThatThrownBy(() -> each.read(longer)).isInstanceOf(DocumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(DocumentFormat.class)
  void document_ofAnotherVersion_isUnsupported(DocumentFormat format) {
    byte[] bytes = all().get(0).seal(format);
    boolean isJson = format == DocumentFormat.JSON;
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String other = isJson ? text.replace("\"version\":1", "\"version\":2") : text;
    byte[] changed = other.getBytes(StandardCharsets.ISO_8859_1);
    if (!isJson) {
      changed[4] = 2;
    } else {
      changed = withoutChecksum(other);
    }
    byte[] read = changed;

    assertThatThrownBy(() -> Envelope.open(read)).isInstanceOf(DocumentException.Unsupported.class);
  }

  private static byte[] withoutChecksum(String json) {
    return (json.substring(0, json.lastIndexOf(",\"crc\"")) + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void json_writtenByHand_mayLeaveDefaultsAndChecksumOut() {
    String json =
        """
        { "format": "stowage.heartbeat", "version": 1, "fleet": "f",
          "header": {"worker": "w", "incarnation": 1, "lineage": "00000000000000a7", "number": 2} }
        """;

    Envelope opened = Envelope.open(json.getBytes(StandardCharsets.UTF_8));

    assertThat(opened.read(CommandKind.HEARTBEAT.shape()))
        .isEqualTo(
            new Command.Heartbeat(
                new ReportHeader(WorkerId.of("w"), Incarnation.of(1), Lineage.of(0xa7), 2)));
  }
}
