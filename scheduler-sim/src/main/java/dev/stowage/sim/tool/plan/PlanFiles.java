package dev.stowage.sim.tool.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the inputs of a plan are.
 *
 * @param workers the workers
 * @param chunks the chunks
 * @param held the held replicas; nothing if there is no such file
 * @param config the configuration; all defaults if there is no such file
 */
public record PlanFiles(Path workers, Path chunks, Optional<Path> held, Optional<Path> config) {}
