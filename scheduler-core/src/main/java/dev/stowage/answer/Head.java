package dev.stowage.answer;

import java.util.OptionalLong;

/**
 * The last block of the gapless cover from the first live block, and the last covered block
 * (lifecycle design, section 6). Empty without live chunks.
 */
public record Head(OptionalLong coveredTo, OptionalLong last) {}
