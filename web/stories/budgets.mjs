export async function budgets() {}
