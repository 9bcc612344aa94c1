package dev.stowage.answer;

import dev.stowage.model.ChunkKey;
import java.util.Optional;

/**
 * The status of a chunk for an ingester (lifecycle design, section 6). Statuses of several chunks
 * are in the order of the question.
 *
 * @param state its state; empty if the chunk is unknown
 * @param possessed the number of proved replicas, with those in reports that no cycle has consumed
 * @param routed the number of replicas that portals are routed to
 * @param rejectedBy the chunk that won its range, if it was rejected
 */
public record ChunkStatus(
    ChunkKey key,
    Optional<ChunkState> state,
    boolean marked,
    int replicas,
    int possessed,
    int routed,
    Optional<ChunkKey> rejectedBy) {}
