mod codes;
mod messages;
