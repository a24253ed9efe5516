/** Version of the story. A journal of another one is not resumed step by step. */
export const ENGINE_VERSION = '6';

/** Whether a version is later than this one. Versions are whole numbers. */
export const isLater = (engine: string | undefined): boolean => Number(engine) > Number(ENGINE_VERSION);
