package io.penstock.router.fleet;

/**
 * One model or adapter as its engine lists it. Threading: immutable.
 *
 * @param id the model's name
 * @param json the card, a JSON object as the engine gave it
 */
public record ModelCard(String id, String json) {}
