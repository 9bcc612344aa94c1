package dev.stowage.sim.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.command.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with long texts, which a door's refusal quotes in part. */
class EchoedTextTest {
  private static final String LONG = "x".repeat(1_000_000);
  private static final String FLEET = "archive";

  private final ClientDoor door =
      ClientDoor.of(
          Stowage.builder(MemoryChunkStore.create()).config(StowageConfig.defaults()).build(),
          FLEET);

  @ParameterizedTest
  @EnumSource(DocumentFormat.class)
  void foreignFleet_isQuotedInPart(DocumentFormat format) {
    Command.Register register = new Command.Register(WorkerId.of("w"), "disk");
    byte[] request = Envelope.seal(format, LONG, CommandKind.REGISTER.shape(), register);
    byte[] answer = door.answer(request, 0);
    assertThat(new String(answer, StandardCharsets.UTF_8))
        .contains("the request names fleet xxx", "999488 characters", "; this is archive");
    assertThat(answer.length).isLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'format':'$','version':1,'fleet':'archive'}",
        "{'format':'stowage.register','version':1,'$':'archive'}",
        "{'$':'stowage.register','version':1,'fleet':'archive'}"
      })
  void otherTextOfARequest_isQuotedInPart(String request) {
    String json = request.replace("'", "\"").replace("$", LONG);
    byte[] answer = door.answer(json.getBytes(StandardCharsets.UTF_8), 0);
    assertThat(new String(answer, StandardCharsets.UTF_8)).contains("xxx", "999488 characters");
    assertThat(answer.length).isLessThan(1_000);
  }

  @Test
  void kindOfARequest_isQuotedInPart() {
    Stowage leader =
        Stowage.builder(MemoryChunkStore.create()).config(StowageConfig.defaults()).build();
    leader.claim(0);
    String json = "{\"format\":\"stowage." + LONG + "\",\"version\":1,\"fleet\":\"" + FLEET + "\"}";
    byte[] answer = ClientDoor.of(leader, FLEET).answer(json.getBytes(StandardCharsets.UTF_8), 1);
    assertThat(new String(answer, StandardCharsets.UTF_8))
        .contains("requests of kind xxx", "are not supported");
    assertThat(answer.length).isLessThan(1_000);
  }
}
