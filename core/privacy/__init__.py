"""Rights of the person behind the data (个人信息保护法): anonymise, and hand over what is recorded."""
