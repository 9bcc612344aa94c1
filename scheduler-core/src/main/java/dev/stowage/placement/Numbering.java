package dev.stowage.placement;

/**
 * How positions of an input are called by whoever fed a planner.
 *
 * @param chunkOf the slot of the chunk at each position
 * @param workerOf the slot of the worker at each position
 * @param positionOfChunk the position of the chunk in each slot, -1 for none
 * @param positionOfWorker the position of the worker in each slot, -1 for none
 */
record Numbering(int[] chunkOf, int[] workerOf, int[] positionOfChunk, int[] positionOfWorker) {}
