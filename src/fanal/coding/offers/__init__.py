"""Prices, quantities, bonuses, doses and hours in a text."""
