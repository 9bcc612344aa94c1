package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofPolicy;
import dev.stowage.propagation.authority.AuthorityProof.ProofSigner;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerifier;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityAnswer;
import dev.stowage.propagation.topology.EdgeTopology;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Who may update a state: grants and revocations against a naive model, and proofs. */
@Tag("E-D07")
class AuthorityTest {
  private static final StateId STATE = StateId.of(100);
  private static final long SECOND = 1_000_000_000L;

  private static NodeId node(long value) {
    return NodeId.of(value);
  }

  /** Every member's whole chain of granters, written down when it was granted. */
  private static final class NaiveAuthority {
    final Map<NodeId, List<NodeId>> chains = new HashMap<>();
    boolean hasCreator = true;
    final NodeId creator;

    NaiveAuthority(NodeId creator, List<NodeId> founders) {
      this.creator = creator;
      founders.forEach(founder -> chains.put(founder, List.of()));
      chains.put(creator, List.of());
    }

    AuthorityAnswer grant(NodeId by, NodeId whom) {
      if (!chains.containsKey(by)) {
        return AuthorityAnswer.NOT_A_MEMBER;
      }
      if (chains.containsKey(whom)) {
        return AuthorityAnswer.ALREADY_A_MEMBER;
      }
      List<NodeId> chain = new ArrayList<>(chains.get(by));
      chain.add(by);
      chains.put(whom, chain);
      return AuthorityAnswer.DONE;
    }

    AuthorityAnswer revoke(NodeId by, NodeId whom) {
      if (!chains.containsKey(by)) {
        return AuthorityAnswer.NOT_A_MEMBER;
      }
      if (!chains.containsKey(whom)) {
        return AuthorityAnswer.UNKNOWN_MEMBER;
      }
      boolean isCreator = hasCreator && by.equals(creator);
      if (!by.equals(whom) && !isCreator && !chains.get(whom).contains(by)) {
        return AuthorityAnswer.NOT_A_GRANTER;
      }
      Set<NodeId> going = new HashSet<>();
      chains.forEach((member, chain) -> {
        if (member.equals(whom) || chain.contains(whom)) {
          going.add(member);
        }
      });
      if (going.size() == chains.size()) {
        return AuthorityAnswer.LAST_MEMBER;
      }
      chains.keySet().removeAll(going);
      hasCreator &= !going.contains(creator);
      return AuthorityAnswer.DONE;
    }
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  @Tag("E-D07")
  @Tag("E-G06")
  void sharedAuthority_afterAnyHistory_isAsTheModel(@ForAll long seed) {
    Random random = new Random(seed);
    List<NodeId> founders = random.nextBoolean() ? List.of() : List.of(node(-1), node(2));
    AuthoritySet set = AuthoritySet.shared(STATE, node(1), founders.toArray(NodeId[]::new));
    NaiveAuthority naive = new NaiveAuthority(node(1), founders);
    for (int step = 0; step < 150; step++) {
      NodeId by = node(random.nextInt(14) - 2);
      NodeId whom = node(random.nextInt(14) - 2);
      if (random.nextInt(5) < 3) {
        assertThat(set.grant(by, whom)).isEqualTo(naive.grant(by, whom));
      } else {
        assertThat(set.revoke(by, whom)).isEqualTo(naive.revoke(by, whom));
      }
      assertThat(set.members()).containsExactlyInAnyOrderElementsOf(naive.chains.keySet());
      assertThat(set.members()).isSorted().isNotEmpty();
      assertThat(set.creator().isPresent()).isEqualTo(naive.hasCreator);
    }
  }

  @Example
  @Tag("E-D07")
  @Tag("E-G06")
  void revocation_takesAlongWhomTheRevokedHadGranted_andNobodyElseMay() {
    AuthoritySet set = AuthoritySet.shared(STATE, node(1), node(2));
    set.grant(node(2), node(3));
    set.grant(node(3), node(4));

    assertThat(set.revoke(node(4), node(2))).isEqualTo(AuthorityAnswer.NOT_A_GRANTER);
    assertThat(set.revoke(node(3), node(1))).isEqualTo(AuthorityAnswer.NOT_A_GRANTER);
    assertThat(set.revoke(node(2), node(3))).isEqualTo(AuthorityAnswer.DONE);
    assertThat(set.members()).containsExactly(node(1), node(2));
    assertThat(set.revoke(node(1), node(2))).isEqualTo(AuthorityAnswer.DONE);
    assertThat(set.revoke(node(1), node(1))).isEqualTo(AuthorityAnswer.LAST_MEMBER);
    assertThat(set.answered(AuthorityAnswer.NOT_A_GRANTER)).isEqualTo(2);
    for (AuthoritySet other :
        List.of(
            AuthoritySet.exclusive(STATE, node(1)),
            AuthoritySet.open(STATE),
            AuthoritySet.frozen(STATE))) {
      assertThat(other.grant(node(1), node(2))).isEqualTo(AuthorityAnswer.NOT_SHARED);
      assertThat(other.revoke(node(1), node(1))).isEqualTo(AuthorityAnswer.NOT_SHARED);
    }
  }

  // ---- proofs ----

  private static KeyPair key() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Guarded {
    final KeyPair owner = key();
    final KeyPair stranger = key();
    final PropagationScheduler scheduler;
    long sequence;

    Guarded() {
      InterestMap interests = new InterestMap();
      interests.register(node(9), STATE, InterestLevel.HIGH);
      EdgeTopology topology = new EdgeTopology();
      topology.add(node(9));
      scheduler =
          PropagationScheduler.builder(interests, topology)
              .config(PropagationConfig.DEFAULT.withProofs(ProofPolicy.DEFAULT))
              .verifier(
                  ProofVerifier.ed25519(
                      Map.of(node(1), owner.getPublic(), node(2), stranger.getPublic())))
              .build();
      scheduler.use(AuthoritySet.exclusive(STATE, node(1)));
    }

    AuthorityProof proof(long at) {
      return AuthorityProof.sign(node(1), STATE, at, ProofSigner.ed25519(owner.getPrivate()));
    }

    ProofVerdict verdict(AuthorityProof proof, long now) {
      StateUpdate update = StateUpdate.of(STATE, node(1), sequence + 1);
      PropagationPlan plan = scheduler.schedule(update, proof, now);
      if (plan instanceof PropagationPlan.Refused refused) {
        assertThat(refused.reason()).isEqualTo(PropagationReason.NO_AUTHORITY);
        return refused.verdict();
      }
      sequence++;
      return ProofVerdict.GOOD;
    }
  }

  @Example
  @Tag("E-D07")
  @Tag("E-G06")
  void proofs_areTakenOnce_inTime_fromWhoSignedThem() {
    Guarded guarded = new Guarded();
    long now = 1_000 * SECOND;
    long late = now - 31 * SECOND;
    assertThat(guarded.verdict(guarded.proof(now - 30 * SECOND), now)).isEqualTo(ProofVerdict.GOOD);
    assertThat(guarded.verdict(guarded.proof(now), now)).isEqualTo(ProofVerdict.GOOD);
    assertThat(guarded.verdict(guarded.proof(now), now)).isEqualTo(ProofVerdict.REPLAYED);
    assertThat(guarded.verdict(guarded.proof(now - 1), now)).isEqualTo(ProofVerdict.REPLAYED);
    assertThat(guarded.verdict(guarded.proof(late), now)).isEqualTo(ProofVerdict.EXPIRED);
    assertThat(guarded.verdict(guarded.proof(now + 5 * SECOND + 1), now))
        .isEqualTo(ProofVerdict.FROM_THE_FUTURE);
    AuthorityProof forged =
        AuthorityProof.sign(
            node(1), STATE, now + 1, ProofSigner.ed25519(guarded.stranger.getPrivate()));
    assertThat(guarded.verdict(forged, now)).isEqualTo(ProofVerdict.FORGED);
    byte[] signature = guarded.proof(now + 1).signature();
    signature[7] ^= 1;
    assertThat(guarded.verdict(AuthorityProof.of(node(1), STATE, now + 1, signature), now))
        .isEqualTo(ProofVerdict.FORGED);
    assertThat(guarded.verdict(AuthorityProof.of(node(1), STATE, now + 1, new byte[3]), now))
        .isEqualTo(ProofVerdict.FORGED);
    // what was refused has used up nothing
    assertThat(guarded.verdict(guarded.proof(now + 1), now)).isEqualTo(ProofVerdict.GOOD);
    AuthorityProof foreign =
        AuthorityProof.sign(
            node(1), StateId.of(5), now + 2, ProofSigner.ed25519(guarded.owner.getPrivate()));
    assertThat(guarded.verdict(foreign, now)).isEqualTo(ProofVerdict.FOREIGN);
    PropagationStats stats = guarded.scheduler.stats();
    assertThat(stats.proofs(ProofVerdict.FORGED)).isEqualTo(3);
    assertThat(stats.proofs(ProofVerdict.GOOD)).isEqualTo(3);
    assertThat(stats.updates()).isEqualTo(3);
  }

  @Example
  @Tag("E-D07")
  void update_withoutProofOrAuthority_isRefusedBeforePlanning() {
    Guarded guarded = new Guarded();

    PropagationPlan none = guarded.scheduler.schedule(StateUpdate.of(STATE, node(1), 1), 0);
    PropagationPlan other = guarded.scheduler.schedule(StateUpdate.of(STATE, node(2), 1), 0);

    assertThat(((PropagationPlan.Refused) none).verdict()).isEqualTo(ProofVerdict.MISSING);
    assertThat(((PropagationPlan.Refused) other).verdict()).isEqualTo(ProofVerdict.NO_AUTHORITY);
    assertThat(guarded.scheduler.version(STATE)).isZero();
    assertThat(guarded.scheduler.isWaiting(node(9), STATE)).isFalse();
    assertThat(guarded.scheduler.stats().notSent(PropagationReason.NO_AUTHORITY)).isEqualTo(2);
  }
}
